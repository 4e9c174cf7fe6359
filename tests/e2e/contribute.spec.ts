import type { Page } from '@playwright/test'
import { expect, test } from './coordinator.ts'

test('a stranger presses the button, sees a factor fall out, and checks it there', async ({
  page,
  coordinator,
}) => {
  await page.goto(coordinator.address)
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  const find = page.locator('weft-find').first()
  await expect(find).toBeVisible({ timeout: 45_000 })
  await expect(find).toContainText('practice: known factors')
  await expect(find).toContainText('provisional')
  await expect(find).toContainText(/is divisible by/)

  // The sentence on the page, checked here by arithmetic of our own.
  const sentence = await find.getByRole('heading').textContent()
  const said = /2 to the power of (\d+)\s*−\s*1 is divisible by (\d+)/.exec(sentence ?? '')
  const [exponent = 0n, f = 0n] = (said ?? []).slice(1).map(BigInt)
  expect(f > 1n).toBe(true)
  expect(powerOfTwo(exponent, f)).toBe(1n)

  await find.getByRole('button', { name: 'Check' }).click()
  await expect(find.locator('weft-check')).toContainText(`leaves 1 on division by ${f}`, {
    timeout: 15_000,
  })

  // The coordinator has it too, marked as what it is.
  await expect
    .poll(async () => (await results(coordinator.address)).map((one) => one.output.factor), {
      timeout: 15_000,
    })
    .toContain(f.toString())
  for (const result of await results(coordinator.address)) {
    expect(result).toMatchObject({ provisional: true, verified: false })
  }
})

test('stop is one press: workers fall silent, and nothing finished is lost', async ({
  page,
  coordinator,
}) => {
  await page.goto(coordinator.address)
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  await expect
    .poll(async () => (await stats(coordinator.address)).slices, { timeout: 30_000 })
    .toBeGreaterThan(2)
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible()
  await expect(page.locator('weft-details')).not.toContainText(/Not sent yet\s*[1-9]/)
  const after = await stats(coordinator.address)
  await page.waitForTimeout(1_500)
  expect((await stats(coordinator.address)).slices).toBe(after.slices)
})

test('a page that loses its coordinator keeps what it finished and delivers it when it answers again', async ({
  page,
  coordinator,
}) => {
  await page.goto(coordinator.address)
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  await expect
    .poll(async () => (await stats(coordinator.address)).slices, { timeout: 30_000 })
    .toBeGreaterThan(2)
  const before = await stats(coordinator.address)
  await coordinator.restart()
  await expect
    .poll(async () => (await stats(coordinator.address)).items, { timeout: 40_000 })
    .toBeGreaterThan(before.items)
})

test('a tab that dies mid-task delivers its finished slices at its next visit', async ({
  context,
  coordinator,
}) => {
  const page = await context.newPage()
  await page.goto(coordinator.address)
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  await expect
    .poll(async () => (await stats(coordinator.address)).slices, { timeout: 30_000 })
    .toBeGreaterThan(2)
  await coordinator.stop()
  // Finished slices pile up with nobody to take them; then the tab is gone without a word.
  await expect(page.locator('weft-details')).toContainText(/Not sent yet\s*[1-9]/, {
    timeout: 20_000,
  })
  const before = await unsent(page)
  await page.close({ runBeforeUnload: false })
  await coordinator.restart()
  const items = (await stats(coordinator.address)).items
  const next = await context.newPage()
  await next.goto(coordinator.address)
  await next.getByRole('button', { name: 'Lend computing time' }).click()
  await expect
    .poll(async () => (await stats(coordinator.address)).items, { timeout: 20_000 })
    .toBeGreaterThan(items)
  expect(before).toBeGreaterThan(0)
})

test('two tabs of one device: one computes, the other says so and takes over', async ({
  context,
  coordinator,
}) => {
  const [first, second] = [await context.newPage(), await context.newPage()]
  await first.goto(coordinator.address)
  await first.getByRole('button', { name: 'Lend computing time' }).click()
  await expect(first.getByText('Running', { exact: true })).toBeVisible({ timeout: 20_000 })
  await second.goto(coordinator.address)
  await second.getByRole('button', { name: 'Lend computing time' }).click()
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
  await page.goto(emptyCoordinator.address)
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  await expect(page.getByText('Idle: there is nothing to compute')).toBeVisible({ timeout: 20_000 })
})

test('a batch that somebody submits while the page waits is computed, and its factors are right', async ({
  page,
  emptyCoordinator: coordinator,
}) => {
  await page.goto(coordinator.address)
  await page.getByRole('button', { name: 'Lend computing time' }).click()
  await expect(page.getByText('Idle: there is nothing to compute')).toBeVisible({ timeout: 20_000 })
  const answer = await fetch(`${coordinator.address}/api/batches`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${coordinator.submitToken()}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ app: 'mersenne-tf', title: 'M29', text: 'Factor=N/A,29,7,12\n' }),
  })
  expect(answer.status).toBe(201)
  const { batch } = (await answer.json()) as { batch: { id: string } }
  await expect
    .poll(
      async () =>
        (await results(coordinator.address, batch.id)).map((one) => one.output.factor).toSorted(),
      {
        timeout: 40_000,
      },
    )
    .toEqual(['1103', '2089', '233'])
})

interface Result {
  readonly output: { readonly factor: string }
}

async function results(address: string, batch = 'practice'): Promise<Result[]> {
  const answer = await fetch(`${address}/api/batches/${batch}/results?limit=500`)
  return ((await answer.json()) as { items: Result[] }).items
}

async function stats(address: string): Promise<{ slices: number; items: number }> {
  return (await (await fetch(`${address}/api/stats`)).json()) as { slices: number; items: number }
}

async function unsent(page: Page): Promise<number> {
  const shown = await page.locator('weft-details dl').textContent()
  return Number(/Not sent yet\s*(\d+)/.exec(shown ?? '')?.[1] ?? 0)
}

/** 2^exponent mod f. */
function powerOfTwo(exponent: bigint, f: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2))
    result = ((result * result) << (bit === '1' ? 1n : 0n)) % f
  return result
}
