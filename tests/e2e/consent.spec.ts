import { expect, test, watchTraffic } from './coordinator.ts'

test('nothing is connected, started or fetched for computing before the press', async ({
  page,
  coordinator,
}) => {
  const traffic = watchTraffic(page)
  await page.goto(coordinator.address)
  await expect(page.getByText('Nothing is running')).toBeVisible()
  await page.waitForTimeout(1_000)
  expect(traffic.sockets).toEqual([])
  expect(traffic.workers).toEqual([])
  expect(traffic.urls.filter((url) => url.includes('/kernels/'))).toEqual([])
  expect(await page.evaluate(() => indexedDB.databases())).toEqual([])
})

test('every request of a visit goes to the coordinator and nowhere else', async ({
  page,
  coordinator,
}) => {
  const traffic = watchTraffic(page)
  await page.goto(coordinator.address)
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  await expect(page.locator('weft-find').first()).toBeVisible({ timeout: 45_000 })
  const origins = [...traffic.urls, ...traffic.sockets].map((url) => new URL(url).host)
  expect(new Set(origins)).toEqual(new Set([new URL(coordinator.address).host]))
})

test('stopping is remembered: a reload starts nothing', async ({ page, coordinator }) => {
  await page.goto(coordinator.address)
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  await expect.poll(() => page.workers().length, { timeout: 20_000 }).toBeGreaterThan(0)
  await page.reload()
  await expect(page.getByText('Nothing is running')).toBeVisible()
  await page.waitForTimeout(1_000)
  expect(page.workers()).toHaveLength(0)
})

test('the slider is kept, and says what follows from it', async ({ page, coordinator }) => {
  await page.goto(coordinator.address)
  const slider = page.getByRole('slider', { name: 'How hard' })
  await slider.fill('25')
  await page.reload()
  await expect(page.getByRole('slider', { name: 'How hard' })).toHaveValue('25')
})
