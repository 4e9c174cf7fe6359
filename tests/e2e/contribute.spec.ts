import { sliceRange } from '../../src/protocol/slice.ts'
import { expect, test } from './coordinator.ts'
import {
  crash,
  factorsFound,
  lend,
  results,
  stats,
  submitBatch,
  unsent,
  untilSlicesAreStored,
  waitingTasks,
  watchFrames,
} from './visit.ts'

test('a stranger presses the button, sees a factor fall out, and checks it there', async ({
  page,
  coordinator,
}) => {
  await lend(page, coordinator)
  // Both apps practise in turns. While a check is open, the list stands still.
  const factor = page.locator('weft-find').filter({ hasText: 'is divisible by' }).first()
  await factor.getByRole('button', { name: 'Check' }).click({ timeout: 60_000 })
  const find = page.locator('weft-find').filter({ has: page.locator('weft-check') })
  await expect(find).toContainText('practice: known factors')
  await expect(find).toContainText('provisional')

  // The sentence on the page, checked here by arithmetic of our own.
  const sentence = await find.getByRole('heading', { level: 3 }).textContent()
  const said = /2 to the power of (\d+)\s*−\s*1 is divisible by (\d+)/.exec(sentence ?? '')
  const [exponent = 0n, f = 0n] = (said ?? []).slice(1).map(BigInt)
  expect(f > 1n).toBe(true)
  expect(powerOfTwo(exponent, f)).toBe(1n)
  await expect(find.locator('weft-check')).toContainText(`leaves 1 on division by ${f}`, {
    timeout: 15_000,
  })

  // The coordinator has it too, marked as what it is.
  await expect.poll(() => factorsFound(coordinator), { timeout: 15_000 }).toContain(f.toString())
  for (const result of await results(coordinator)) {
    expect(result).toMatchObject({ provisional: true, verified: false })
  }
})

test('stop is one press: workers fall silent, and nothing finished is lost', async ({
  page,
  coordinator,
}) => {
  await lend(page, coordinator)
  await untilSlicesAreStored(coordinator)
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible()
  await expect(page.locator('weft-details')).not.toContainText(/Not sent yet\s*[1-9]/)
  const after = await stats(coordinator)
  await page.waitForTimeout(1_500)
  expect((await stats(coordinator)).slices).toBe(after.slices)
})

test('a page that loses its coordinator keeps what it finished and delivers it when it answers again', async ({
  page,
  coordinator,
}) => {
  await lend(page, coordinator)
  await untilSlicesAreStored(coordinator)
  const before = await stats(coordinator)
  await coordinator.restart()
  await expect
    .poll(async () => (await stats(coordinator)).items, { timeout: 40_000 })
    .toBeGreaterThan(before.items)
})

test('a tab that crashes loses nothing: its next visit delivers exactly what it had finished, then goes on', async ({
  context,
  coordinator,
}) => {
  const page = await context.newPage()
  await lend(page, coordinator)
  await untilSlicesAreStored(coordinator)
  await coordinator.stop()
  // Finished slices pile up with nobody to take them.
  await expect.poll(() => unsent(page), { timeout: 30_000 }).toBeGreaterThan(0)
  const shown = await unsent(page)
  // Storage is written in batches; what was shown half a second ago is in it.
  await page.waitForTimeout(500)
  await crash(page, context)

  await coordinator.restart()
  const next = await context.newPage()
  const frames = watchFrames(next)
  await next.goto(coordinator.address)
  const waiting = await waitingTasks(next, coordinator)
  const slices = waiting.flatMap((task) => task.slices)
  expect(slices.length).toBeGreaterThanOrEqual(shown)
  const storedBefore = await stats(coordinator)

  await next.getByRole('button', { name: 'Lend computing time' }).click()
  await expect.poll(() => frames.some(({ type }) => type === 'ask'), { timeout: 30_000 }).toBe(true)
  // Up to the first ask nothing was leased in this visit: whatever was reported is from the one that crashed.
  const early = frames.slice(
    0,
    frames.findIndex(({ type }) => type === 'ask'),
  )
  const reports = early.flatMap((frame) => (frame.type === 'report' ? [frame] : []))
  const acks = early.flatMap((frame) => (frame.type === 'ack' ? [frame] : []))
  for (const task of waiting) {
    const sent = reports.filter(({ token }) => Buffer.from(task.token).equals(token))
    expect(sent.flatMap((report) => report.slices.map(([, start, log2]) => [start, log2]))).toEqual(
      task.slices,
    )
  }
  const items = slices.reduce((sum, [start, log2]) => {
    const range = sliceRange({ start, log2 })
    return sum + range.end - range.start
  }, 0)
  expect(acks.length).toBe(reports.length)
  expect(acks.reduce((sum, { acceptedItems }) => sum + acceptedItems, 0)).toBe(items)
  expect((await stats(coordinator)).slices).toBeGreaterThanOrEqual(
    storedBefore.slices + slices.length,
  )
  await expect(next.getByText('Running', { exact: true })).toBeVisible({ timeout: 30_000 })
})

test('two tabs of one device: one computes, the other says so and takes over', async ({
  context,
  coordinator,
}) => {
  const [first, second] = [await context.newPage(), await context.newPage()]
  await lend(first, coordinator)
  await expect(first.getByText('Running', { exact: true })).toBeVisible({ timeout: 20_000 })
  await lend(second, coordinator)
  await expect(second.getByText('Idle: another tab is contributing')).toBeVisible({
    timeout: 20_000,
  })
  await first.getByRole('button', { name: 'Stop' }).click()
  await expect(second.getByText('Running', { exact: true })).toBeVisible({ timeout: 20_000 })
})

test('a coordinator without work: the page says why it idles', async ({
  page,
  emptyCoordinator,
}) => {
  await lend(page, emptyCoordinator)
  await expect(page.getByText('Idle: there is nothing to compute')).toBeVisible({ timeout: 20_000 })
})

test('a batch that somebody submits while the page waits is computed, and its factors are right', async ({
  page,
  emptyCoordinator: coordinator,
}) => {
  await lend(page, coordinator)
  await expect(page.getByText('Idle: there is nothing to compute')).toBeVisible({ timeout: 20_000 })
  const batch = await submitBatch(coordinator, 'Factor=N/A,29,7,12\n')
  await expect
    .poll(() => factorsFound(coordinator, batch), { timeout: 40_000 })
    .toEqual(['1103', '2089', '233'])
})

/** 2^exponent mod f. */
function powerOfTwo(exponent: bigint, f: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2))
    result = ((result * result) << (bit === '1' ? 1n : 0n)) % f
  return result
}
