import { afterAll, expect, test, vi } from 'vitest'
import { GpuLostError } from '../protocol/errors.ts'
import { examineGpu, type ExaminationParts, type GpuVerdict } from './examineGpu.ts'
import { createPool, type Pool } from './pool.ts'
import { fakeAdapter, fakeGpu, type FakeGpuParts } from './testing/fakeGpu.node.ts'
import { onGpuToo } from './testing/fakePlan.ts'
import { expectedOf, testJob, testKernel } from './testing/testKernel.ts'
import { spawnThread } from './wasm/spawnThread.node.ts'

vi.setConfig({ testTimeout: 30_000 })
const never = new AbortController().signal
const opened: Pool[] = []
afterAll(() => opened.forEach((pool) => pool.close()))

async function examination(gpuParts: FakeGpuParts, parts: Partial<ExaminationParts> = {}) {
  const gpu = fakeGpu(gpuParts)
  const pool = createPool({
    spawnWorker: spawnThread,
    spawnGpuWorker: gpu.spawn,
    fetchKernel: async () => testKernel,
    cores: 1,
  })
  opened.push(pool)
  pool.resize({ workers: 1, duty: 1, gpu: 0 })
  const job = onGpuToo(await testJob({ spins: 100_000 }))
  const canary = { job, items: 500, item: 3, itemCost: 7n }
  const verdicts: GpuVerdict[] = []
  const whole: ExaminationParts = {
    pool,
    canaries: [canary],
    course: canary,
    workers: 1,
    cores: 4,
    known: undefined,
    now: () => performance.now(),
    decided: (verdict) => verdicts.push(verdict),
    ...parts,
  }
  return { gpu, pool, job, verdicts, examine: (signal = never) => examineGpu(whole, signal) }
}

test('a GPU that agrees is measured, alone and together, and work goes on before and after', async () => {
  const { pool, job, verdicts, examine } = await examination({})
  const before = pool.runSlice(job, { start: 0, log2: 6 }, 1n, never)
  const examined = examine()
  const after = pool.runSlice(job, { start: 64, log2: 6 }, 1n, never)
  await examined
  expect(verdicts).toHaveLength(1)
  const [verdict] = verdicts
  if (verdict?.status !== 'passed') throw new Error('It was refused.')
  expect(verdict.adapter).toBe(fakeAdapter)
  const { wasm, webgpu, both } = verdict.speeds
  for (const speed of [wasm, webgpu, both]) expect(speed).toBeGreaterThan(0)
  expect((await before).digest).toBe(expectedOf(0, 64, 1n).digest)
  expect((await after).digest).toBe(expectedOf(64, 128, 1n).digest)
})

test('work is not held up for a GPU that is far slower than the cores', async () => {
  const { gpu, pool, verdicts, examine } = await examination({ slower: 1_000 })
  const holding = vi.spyOn(pool, 'hold')
  await examine()
  expect(verdicts).toMatchObject([{ status: 'passed', speeds: { both: undefined } }])
  const [verdict] = verdicts
  if (verdict?.status !== 'passed') throw new Error('It was refused.')
  expect(verdict.speeds.webgpu).toBeGreaterThan(0)
  expect(verdict.speeds.wasm).toBeGreaterThan(20 * verdict.speeds.webgpu)
  expect([gpu.runs, holding.mock.calls.length]).toEqual([1, 0])
})

test('a software adapter is never tried together with the cores that it is made of', async () => {
  const adapter = { ...fakeAdapter, fallback: true }
  const { verdicts, examine } = await examination({
    opening: async () => ({ status: 'open', adapter }),
  })
  await examine()
  expect(verdicts).toMatchObject([{ status: 'passed', timed: true, speeds: { both: undefined } }])
})

test('what is known already is not measured again, but it must still agree', async () => {
  const known = { wasm: 1, webgpu: 2, both: 3 }
  const good = await examination({}, { known })
  await good.examine()
  expect(good.verdicts).toEqual([
    { status: 'passed', adapter: fakeAdapter, speeds: known, timed: true },
  ])
  expect(good.gpu.runs).toBe(1)
  const bad = await examination({ wrong: true }, { known })
  await bad.examine()
  expect(bad.verdicts).toMatchObject([{ status: 'refused', reason: 'disagrees' }])
})

test('an adapter that is not there is refused with its own reason, and nothing runs on it', async () => {
  const opening = { status: 'unavailable', reason: 'no-adapter', why: 'none was offered' } as const
  const { gpu, verdicts, examine } = await examination({ opening: async () => opening })
  await examine()
  expect(verdicts).toMatchObject([{ status: 'refused', reason: 'no-adapter' }])
  expect(gpu.runs).toBe(0)
})

test('a GPU that fails in the middle of it is refused with what it failed of', async () => {
  for (const fatal of [0, 5]) {
    const lost = new GpuLostError(2, 'again')
    const { verdicts, examine, pool, job } = await examination({
      mishap: (nth) => (nth >= fatal ? lost : undefined),
    })
    await examine()
    expect(verdicts).toEqual([{ status: 'refused', reason: 'lost', why: lost.message }])
    const after = await pool.runSlice(job, { start: 0, log2: 3 }, 1n, never)
    expect(after.by.wasm.items).toBe(8)
  }
})

test('a GPU that never opens is too slow after half a minute', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const { verdicts, examine } = await examination({ opening: () => new Promise(() => undefined) })
    const examined = examine()
    await vi.advanceTimersByTimeAsync(29_000)
    expect(verdicts).toEqual([])
    await vi.advanceTimersByTimeAsync(1_500)
    await examined
    expect(verdicts).toMatchObject([{ status: 'refused', reason: 'too-slow-to-open' }])
  } finally {
    vi.useRealTimers()
  }
})

test('a stop at any moment ends it at once without a verdict, and the queue is free again', async () => {
  for (const afterMs of [0, 30, 150, 400, 600]) {
    const { verdicts, examine, pool, job } = await examination({})
    const stop = new AbortController()
    const examined = examine(stop.signal)
    setTimeout(() => stop.abort(new DOMException('Enough.', 'AbortError')), afterMs)
    const outcome = await examined.catch((error: unknown) => error)
    expect(outcome).toBe(verdicts.length === 0 ? stop.signal.reason : undefined)
    const after = await pool.runSlice(job, { start: 0, log2: 3 }, 1n, never)
    expect(after.digest).toBe(expectedOf(0, 8, 1n).digest)
  }
})
