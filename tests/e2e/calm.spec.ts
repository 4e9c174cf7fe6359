import { expect, test } from './coordinator.ts'
import { lend } from './visit.ts'

/** A shift that no input caused: https://web.dev/articles/cls has the measure; below 0.1 is good. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number
  readonly hadRecentInput: boolean
}

for (const width of [390, 1280]) {
  test(`nothing on the page jumps while finds arrive, at ${width} px`, async ({
    page,
    coordinator,
  }) => {
    await page.setViewportSize({ width, height: 844 })
    await lend(page, coordinator)
    await expect(page.getByText('Running', { exact: true })).toBeVisible({ timeout: 20_000 })
    await page.evaluate(() => {
      const shifts: number[] = []
      Object.assign(globalThis, { shifts })
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as LayoutShift[]) {
          if (!entry.hadRecentInput) shifts.push(entry.value)
        }
      }).observe({ type: 'layout-shift' })
    })
    await expect(page.locator('weft-find')).toHaveCount(2, { timeout: 45_000 })
    const first = await page.locator('weft-find h3').first().textContent()
    await expect(page.locator('weft-find h3').first()).not.toHaveText(first ?? '', {
      timeout: 30_000,
    })
    const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts)
    expect(shifts.reduce((sum, one) => sum + one, 0)).toBeLessThan(0.1)
  })
}
