import type { Page } from '@playwright/test'
import { CHROMIUM_FLAGS, ensureChromium } from '../browser.ts'
import { expect, test, type Coordinator } from './coordinator.ts'
import { destroyDevices, faults, gpuWorker, submissions, watchGpu } from './gpuWorker.ts'
import { factorsFound, lend, stats, submitBatch, watchComplaints } from './visit.ts'

// WebGPU on the CPU: slow, and all there. What is submitted is small; opening alone takes seconds.
test.use({
  launchOptions: {
    executablePath: ensureChromium(),
    args: [...CHROMIUM_FLAGS, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  },
})
test.setTimeout(240_000)
const PATIENCE = { timeout: 90_000 }

const graphics = (page: Page) => page.locator('weft-details .graphics')

async function lendTo(
  page: Page,
  coordinator: Coordinator,
  choice: 'Automatic' | 'Graphics only',
): Promise<void> {
  await page.goto(coordinator.address)
  await page.getByRole('combobox', { name: 'What computes' }).selectOption(choice)
  await page.getByRole('button', { name: 'Lend computing time' }).click()
}

/** That slices keep coming, and that the page says so. */
async function expectWorkGoesOn(page: Page, coordinator: Coordinator): Promise<void> {
  const before = await stats(coordinator)
  await expect
    .poll(async () => (await stats(coordinator)).slices, PATIENCE)
    .toBeGreaterThan(before.slices + 2)
  await expect(page.getByText('Running', { exact: true })).toBeVisible()
  await expect(page.locator('weft-details')).toContainText('WebAssembly SHA-256')
  await expect(page.locator('#follows')).toContainText('of all cores')
}

test('with graphics only, the page finds on WebGPU the factors that there are', async ({
  page,
  emptyCoordinator: coordinator,
}) => {
  await watchGpu(page)
  const complaints = await watchComplaints(page)
  await lendTo(page, coordinator, 'Graphics only')
  await expect(page.getByText('Idle: there is nothing to compute')).toBeVisible(PATIENCE)
  const first = await submitBatch(coordinator, 'Factor=N/A,29,7,12\n')
  await expect.poll(() => factorsFound(coordinator, first), PATIENCE).toHaveLength(3)
  await expect(graphics(page)).toHaveText(
    'SwiftShader (software): slower than the processor; it works alone',
    PATIENCE,
  )
  await expect(page.locator('weft-details')).toContainText('WGSL SHA-256')

  // No other worker is left: whatever is found now, the GPU has found.
  await expect.poll(() => page.workers().length, PATIENCE).toBe(1)
  expect(await gpuWorker(page)).toBe(page.workers()[0])
  const before = await submissions(page)
  const second = await submitBatch(coordinator, 'Factor=N/A,43,7,22\nFactor=N/A,47,7,24\n')
  await expect
    .poll(() => factorsFound(coordinator, second), PATIENCE)
    .toEqual(['13264529', '2099863', '2351', '431', '4513', '9719'])
  expect(await submissions(page)).toBeGreaterThan(before)
  expect(page.workers()).toHaveLength(1)
  await expect(page.locator('weft-find').first()).toContainText(/is divisible by/)
  expect(complaints).toEqual([])
})

test('left to itself it finds a software adapter slower than the processor, says so and leaves it', async ({
  page,
  coordinator,
}) => {
  await lendTo(page, coordinator, 'Automatic')
  await expect(graphics(page)).toHaveText(
    'SwiftShader (software): slower than the processor; not used',
    PATIENCE,
  )
  await expect.poll(() => gpuWorker(page), PATIENCE).toBeUndefined()
  await expectWorkGoesOn(page, coordinator)
})

test('what computes is changed while it runs: processor only ends the GPU’s worker at once', async ({
  page,
  coordinator,
}) => {
  await lendTo(page, coordinator, 'Graphics only')
  await expect(graphics(page)).toContainText('it works alone', PATIENCE)
  const choice = page.getByRole('combobox', { name: 'What computes' })
  await choice.selectOption('Processor only')
  await expect(graphics(page)).toContainText('left alone, as you chose')
  await expect.poll(() => gpuWorker(page), PATIENCE).toBeUndefined()
  await expectWorkGoesOn(page, coordinator)
  await choice.selectOption('Graphics only')
  await expect(graphics(page)).toContainText('it works alone')
  await expect.poll(() => gpuWorker(page), PATIENCE).toBeDefined()
})

test('stop is one press while the GPU works: nothing more is given to it, and its worker ends', async ({
  page,
  coordinator,
}) => {
  await watchGpu(page)
  await lendTo(page, coordinator, 'Graphics only')
  await expect(graphics(page)).toContainText('it works alone', PATIENCE)
  const before = await submissions(page)
  await expect.poll(() => submissions(page), PATIENCE).toBeGreaterThan(before + 5)
  const pressedAt = Date.now()
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible()
  // 250 ms are promised; `npm run bench -- page` measures them, on a machine that does nothing else.
  expect(Date.now() - pressedAt).toBeLessThan(5_000)
  await expect.poll(() => page.workers().length).toBe(0)
  const after = await stats(coordinator)
  await page.waitForTimeout(1_500)
  expect((await stats(coordinator)).slices).toBe(after.slices)
})

test('a device that is lost is opened again; lost twice, WASM carries on, and the page says so', async ({
  page,
  coordinator,
}) => {
  await watchGpu(page)
  await lendTo(page, coordinator, 'Graphics only')
  await expect(graphics(page)).toContainText('it works alone', PATIENCE)
  await destroyDevices(page)
  const before = await submissions(page)
  await expect.poll(() => submissions(page), PATIENCE).toBeGreaterThan(before + 5)
  await expect(graphics(page)).toContainText('it works alone')
  await destroyDevices(page)
  await expect(graphics(page)).toHaveText('was lost; the processor carries on', PATIENCE)
  await expectWorkGoesOn(page, coordinator)
})

const refusals = [
  ['offers no adapter', faults.noAdapter, 'not available: this browser offers no adapter'],
  ['is too small', faults.smallLimits, 'not available: it can do less than the computation needs'],
  ['gives no device', faults.noDevice, 'not available: it gave no device to compute on'],
  [
    'cannot compile the shader',
    faults.brokenShader,
    'not used: it failed; the processor carries on',
  ],
  [
    'computes something else',
    faults.wrongDigest,
    'not used: it computed something else than the processor',
  ],
] as const

for (const [what, fault, said] of refusals) {
  test(`a GPU that ${what} is not used: WASM carries on, and the page says why`, async ({
    page,
    coordinator,
  }) => {
    await watchGpu(page, fault)
    await lendTo(page, coordinator, 'Graphics only')
    await expect(graphics(page)).toHaveText(said, PATIENCE)
    await expect.poll(() => gpuWorker(page), PATIENCE).toBeUndefined()
    await expectWorkGoesOn(page, coordinator)
  })
}

test('what was chosen is kept for the next visit', async ({ page, coordinator }) => {
  await lend(page, coordinator)
  await page.getByRole('combobox', { name: 'What computes' }).selectOption('Processor only')
  await page.reload()
  await expect(page.getByRole('combobox', { name: 'What computes' })).toHaveValue('wasm')
})
