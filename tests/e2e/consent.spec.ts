import type { Page } from '@playwright/test'
import { expect, test } from './coordinator.ts'
import { lend, untilSlicesAreStored, watchTraffic } from './visit.ts'

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
  await lend(page, coordinator)
  await expect(page.locator('weft-find').first()).toBeVisible({ timeout: 45_000 })
  const origins = [...traffic.urls, ...traffic.sockets].map((url) => new URL(url).host)
  expect(new Set(origins)).toEqual(new Set([new URL(coordinator.address).host]))
})

test('stopping is remembered: a reload after it starts nothing', async ({ page, coordinator }) => {
  await lend(page, coordinator)
  await untilSlicesAreStored(coordinator)
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible({ timeout: 20_000 })
  await expectNothingAfterReload(page)
})

test('a yes holds for one visit: a reload in the middle of work starts nothing either', async ({
  page,
  coordinator,
}) => {
  await lend(page, coordinator)
  await untilSlicesAreStored(coordinator)
  await expectNothingAfterReload(page)
})

async function expectNothingAfterReload(page: Page): Promise<void> {
  const traffic = watchTraffic(page)
  await page.reload()
  await expect(page.getByText('Nothing is running')).toBeVisible()
  await page.waitForTimeout(1_500)
  expect(traffic.sockets).toEqual([])
  expect(traffic.workers).toEqual([])
  expect(page.workers()).toHaveLength(0)
  await expect(page.getByRole('button', { name: 'Lend computing time' })).toBeVisible()
}

test('the slider is kept, and says what follows from it', async ({ page, coordinator }) => {
  await page.goto(coordinator.address)
  const slider = page.getByRole('slider', { name: 'How hard' })
  await slider.fill('25')
  await page.reload()
  await expect(page.getByRole('slider', { name: 'How hard' })).toHaveValue('25')
})
