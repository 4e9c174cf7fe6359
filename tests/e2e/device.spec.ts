import { availableParallelism } from 'node:os'
import type { Browser } from '@playwright/test'
import { expect, test } from './coordinator.ts'
import { lend, untilSlicesAreStored, watchComplaints, watchTraffic } from './visit.ts'

test('at 5 % it takes 5 %: the page says so, and so does the operating system', async ({
  page,
  browser,
  coordinator,
}) => {
  await page.goto(coordinator.address)
  await page.getByRole('slider', { name: 'How hard' }).fill('5')
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  await untilSlicesAreStored(coordinator)
  const [before, begin] = [await rendererSeconds(browser), performance.now()]
  await page.waitForTimeout(10_000)
  const used = (await rendererSeconds(browser)) - before
  const cores = used / ((performance.now() - begin) / 1_000)
  // The governor's part, and what drawing the page may cost besides.
  expect(cores).toBeLessThan(0.05 * availableParallelism() + 0.15)
  expect(cores).toBeGreaterThan(0)
  const said = await page.locator('weft-governor #follows').textContent()
  const measured = Number(/([\d.]+) % of all cores/.exec(said ?? '')?.[1])
  expect(measured).toBeGreaterThan(0)
  expect(measured).toBeLessThan(10)
})

/** Processor time of all renderers so far; there is one page. */
async function rendererSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo
    .filter(({ type }) => type === 'renderer')
    .reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

test('a browser that denies storage contributes all the same, and the page says what that means', async ({
  page,
  coordinator,
}) => {
  await page.addInitScript(() => {
    const denied = {
      get() {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      },
    }
    Object.defineProperty(globalThis, 'indexedDB', denied)
    Object.defineProperty(globalThis, 'localStorage', denied)
  })
  const complaints = await watchComplaints(page)
  await lend(page, coordinator)
  await untilSlicesAreStored(coordinator)
  await expect(page.locator('weft-details')).toContainText('this browser denies storage')
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible({ timeout: 20_000 })
  expect(complaints).toEqual([])
})

test('a browser without a graphics adapter says so plainly and works on the processor', async ({
  page,
  coordinator,
}) => {
  const traffic = watchTraffic(page)
  await lend(page, coordinator)
  await expect(page.locator('weft-details .graphics')).toHaveText(
    'not available: this browser offers no adapter',
    { timeout: 45_000 },
  )
  await expect(page.getByText('Running', { exact: true })).toBeVisible()
  await untilSlicesAreStored(coordinator)
  await expect(page.locator('weft-details')).toContainText('WebAssembly SHA-256')
  expect(traffic.urls.filter((url) => url.endsWith('.wgsl'))).toEqual([])
})

test('a whole visit raises no error, no warning and no violation of the page’s policy', async ({
  page,
  coordinator,
}) => {
  const complaints = await watchComplaints(page)
  await lend(page, coordinator)
  const find = page.locator('weft-find').first()
  await expect(find).toBeVisible({ timeout: 45_000 })
  await find.getByRole('button', { name: 'Check' }).click()
  await find.getByRole('button', { name: 'Again' }).waitFor({ timeout: 30_000 })
  await page.getByRole('slider', { name: 'How hard' }).fill('100')
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible({ timeout: 20_000 })
  expect(complaints).toEqual([])
})

test('the keyboard is enough: to the button, start, away and back, stop', async ({
  page,
  coordinator,
}) => {
  await page.goto(coordinator.address)
  const start = page.getByRole('button', { name: 'Lend computing time' })
  await expect(start).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(start).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Running', { exact: true })).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('Tab')
  await expect(page.getByRole('checkbox', { name: 'Factors of Mersenne numbers' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('slider', { name: 'How hard' })).toBeFocused()
  for (let back = 0; back < 3; back++) await page.keyboard.press('Shift+Tab')
  await expect(page.getByRole('button', { name: 'Stop' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible({ timeout: 20_000 })
})

for (const width of [320, 390, 1280]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`nothing has to be scrolled sideways: ${width} wide, ${colorScheme}`, async ({
      page,
      coordinator,
    }) => {
      await page.setViewportSize({ width, height: 844 })
      await page.emulateMedia({ colorScheme })
      const overhang = () =>
        page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement
          return scrollWidth - clientWidth
        })
      await page.goto(coordinator.address)
      await expect(page.getByText('Nothing is running')).toBeVisible()
      expect(await overhang()).toBe(0)
      await page.getByRole('button', { name: 'Lend computing time' }).click()
      const find = page.locator('weft-find').first()
      await expect(find).toBeVisible({ timeout: 45_000 })
      await find.getByRole('button', { name: 'Check' }).click()
      await find.getByRole('button', { name: 'Again' }).waitFor({ timeout: 30_000 })
      expect(await overhang()).toBe(0)
    })
  }
}
