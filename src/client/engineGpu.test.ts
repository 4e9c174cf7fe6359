import { expect, test } from 'vitest'
import { digestFromBytes, sliceSeed } from '../protocol/digest.ts'
import { GpuLostError } from '../protocol/errors.ts'
import { sliceRange } from '../protocol/slice.ts'
import { fakeAdapter, fakeGpu, type FakeGpuParts } from '../runtime/testing/fakeGpu.node.ts'
import { expectedOf } from '../runtime/testing/testKernel.ts'
import type { BackendPreference } from './gpuState.ts'
import type { Phase } from './snapshot.ts'
import { testApps } from './testing/testApp.ts'
import { coordinator, engineAt, giving } from './testing/stage.node.ts'
import { noWork, testTask, type TestCoordinator } from './testing/testCoordinator.node.ts'
import { until, whenShown } from './testing/testEngine.node.ts'

/** More than is done while the GPU is measured. */
const ITEMS = 1_600
const FEW = 200

/** An engine with a GPU and work for some seconds. */
async function stage(preference: BackendPreference, gpuParts: FakeGpuParts = {}, items = ITEMS) {
  const server = await coordinator()
  const task = testTask([[0, items]], { input: { spins: 1_000_000 }, log2: 3 })
  const tasks = [task]
  server.onAsk = () => tasks.shift() ?? noWork(300)
  const gpu = fakeGpu(gpuParts)
  const engine = await engineAt(server.url, {
    apps: await testApps({ gpu: true }),
    spawnGpuWorker: gpu.spawn,
    preference,
  })
  const phases = new Set<Phase['state']>()
  engine.subscribe(({ phase, slicesDone }) => slicesDone > 0 && phases.add(phase.state))
  engine.start()
  return { server, engine, gpu, task, phases }
}

/** The digests that were reported against those that every item of the task has. */
function digestsOf({ reports }: TestCoordinator, { grants }: ReturnType<typeof testTask>) {
  return reports.flatMap(({ slices }) =>
    slices.map(([grant, start, log2, digest]) => {
      const seed = sliceSeed(digestFromBytes(grants[grant]?.seed ?? digest), { start, log2 })
      const range = sliceRange({ start, log2 })
      return [digestFromBytes(digest), expectedOf(range.start, range.end, seed).digest] as const
    }),
  )
}

test('left to itself it measures the GPU while work goes on, then uses what it chose', async () => {
  const { server, engine, task, phases } = await stage('auto')
  expect(engine.snapshot.gpu).toEqual({ state: 'untried' })
  await whenShown(engine, ({ gpu }) => gpu.state === 'measuring', 'the GPU being measured')
  expect(engine.snapshot.backends).toEqual(['wasm'])
  await whenShown(engine, ({ gpu }) => gpu.state === 'measured', 'it measured')
  const { gpu, backends } = engine.snapshot
  if (gpu.state !== 'measured') throw new Error('It was shown.')
  expect(gpu.adapter).toBe(fakeAdapter)
  expect(backends).toEqual(gpu.chosen === 'both' ? ['wasm', 'webgpu'] : [gpu.chosen])
  await whenShown(engine, ({ itemsAccepted }) => itemsAccepted === ITEMS, 'all items')
  for (const [reported, expected] of digestsOf(server, task)) expect(reported).toBe(expected)
  // Of starting and measuring, the person saw nothing once work had begun.
  expect(phases).not.toContain('starting')
})

test('with the processor only, nobody touches the GPU', async () => {
  const { engine, gpu } = await stage('wasm', {}, FEW)
  await whenShown(engine, ({ itemsAccepted }) => itemsAccepted === FEW, 'all items')
  expect(gpu.alive).toBe(0)
  expect(engine.snapshot.gpu).toEqual({ state: 'untried' })
})

test('with the GPU only, it works alone, at the share that is allowed, and asks for as much as it does', async () => {
  const { engine, server } = await stage('webgpu')
  engine.setShare(0.8)
  await whenShown(engine, ({ backends }) => backends.includes('webgpu'), 'the GPU at work')
  expect(engine.snapshot).toMatchObject({ backends: ['webgpu'], workers: 0, gpuDuty: 0.8 })
  await whenShown(engine, ({ gpuBusyShare }) => gpuBusyShare > 0.1, 'a busy GPU')
  const asks = (): number[] =>
    server.heard.flatMap((frame) => (frame.type === 'ask' ? [frame.speed] : []))
  const before = asks().length
  await until(() => asks().length > before, 'another ask')
  expect(asks().at(-1)).toBeGreaterThan(0)
})

test.each([
  ['is lost', (): GpuLostError => new GpuLostError(2, 'again'), 'lost'],
  ['crashes', (): 'dies' => 'dies', 'failed'],
] as const)(
  'a GPU that %s while it works alone is told, and WASM finishes every item',
  async (_, mishap, reason) => {
    let broken = false
    const { engine, server, task, gpu } = await stage('webgpu', {
      mishap: () => (broken ? mishap() : undefined),
    })
    await whenShown(engine, ({ backends }) => backends.includes('webgpu'), 'the GPU at work')
    broken = true
    await whenShown(engine, (s) => s.gpu.state === 'unavailable', 'it gone')
    expect(engine.snapshot).toMatchObject({
      gpu: { reason },
      backends: ['wasm'],
      workers: 1,
      phase: { state: 'running' },
    })
    await whenShown(engine, ({ itemsAccepted }) => itemsAccepted === ITEMS, 'all items')
    for (const [reported, expected] of digestsOf(server, task)) expect(reported).toBe(expected)
    expect(gpu.alive).toBe(0)
  },
)

test.each([
  [
    'no adapter',
    { opening: async () => ({ status: 'unavailable', reason: 'no-adapter', why: '' }) },
    'no-adapter',
  ],
  ['another result than WASM', { wrong: true }, 'disagrees'],
  ['an error at the first item', { mishap: () => new GpuLostError(2, '') }, 'lost'],
] satisfies [string, FakeGpuParts, string][])(
  'a GPU with %s is not used, and the work is done without it',
  async (_, gpuParts, reason) => {
    const { engine, gpu } = await stage('webgpu', gpuParts, FEW)
    await whenShown(engine, (s) => s.gpu.state === 'unavailable', 'it refused')
    expect(engine.snapshot).toMatchObject({ gpu: { reason }, backends: ['wasm'] })
    await until(() => gpu.alive === 0, 'its worker ended')
    await whenShown(engine, ({ itemsAccepted }) => itemsAccepted === FEW, 'all items')
  },
)

test('slices do not wait for a GPU that takes its time to open', async () => {
  const { engine } = await stage('auto', { opening: () => new Promise(() => undefined) }, FEW)
  await whenShown(engine, ({ gpu }) => gpu.state === 'measuring', 'the GPU opening')
  await whenShown(engine, ({ itemsAccepted }) => itemsAccepted === FEW, 'all items')
  expect(engine.snapshot.gpu).toEqual({ state: 'measuring' })
})

test('a preference takes effect at once, back and forth', async () => {
  const { engine, gpu } = await stage('auto', { opening: () => new Promise(() => undefined) })
  await whenShown(engine, (s) => s.gpu.state === 'measuring', 'the GPU opening')
  engine.setBackend('wasm')
  expect(engine.snapshot).toMatchObject({ preference: 'wasm', gpu: { state: 'untried' } })
  expect(gpu.alive).toBe(0)
  engine.setBackend('webgpu')
  expect(engine.snapshot).toMatchObject({ preference: 'webgpu', gpu: { state: 'measuring' } })
  await until(() => gpu.alive === 1, 'its worker')
})

test('a GPU that was measured is let go and taken up again as the person says', async () => {
  const { engine, gpu } = await stage('webgpu')
  await whenShown(engine, ({ backends }) => backends.includes('webgpu'), 'the GPU at work')
  engine.setBackend('wasm')
  expect(engine.snapshot).toMatchObject({ backends: ['wasm'], workers: 1, gpuDuty: 0 })
  expect(gpu.alive).toBe(0)
  engine.setBackend('webgpu')
  expect(engine.snapshot).toMatchObject({ backends: ['webgpu'], workers: 0 })
  await until(() => gpu.alive === 1, 'its worker at work again')
})

test('stop ends the GPU’s worker whatever it is at, and the next start needs no other measurement', async () => {
  for (const state of ['measuring', 'measured'] as const) {
    const { engine, gpu, server } = await stage('webgpu')
    await whenShown(engine, (s) => s.gpu.state === state, state)
    const begin = performance.now()
    const stopping = engine.stop()
    await whenShown(engine, ({ phase }) => phase.state === 'stopped', 'a stop')
    // 250 ms are promised, on a machine that does nothing else.
    expect(performance.now() - begin).toBeLessThan(2_500)
    await stopping
    expect(gpu.alive).toBe(0)
    server.onAsk = giving(testTask([[0, ITEMS]], { input: { spins: 1_000_000 }, log2: 3 }))
    const { runs } = gpu
    engine.start()
    await whenShown(engine, ({ backends }) => backends.includes('webgpu'), 'the GPU at work')
    // Two canaries, and what work it was given since.
    if (state === 'measured') expect(gpu.runs - runs).toBeLessThan(10)
    await engine.stop()
  }
})
