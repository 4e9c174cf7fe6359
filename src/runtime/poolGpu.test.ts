import fc from 'fast-check'
import { afterAll, expect, test, vi } from 'vitest'
import {
  GpuLostError,
  GpuUnavailableError,
  KernelFailedError,
  KernelMismatchError,
  NotFoundError,
} from '../protocol/errors.ts'
import type { Slice } from '../protocol/slice.ts'
import type { Backend } from './executor.ts'
import { createPool, type Pool, type PoolParts } from './pool.ts'
import type { SliceResult } from './sliceRun.ts'
import { fakeGpu, type FakeGpu } from './testing/fakeGpu.node.ts'
import { onGpuToo } from './testing/fakePlan.ts'
import { decodeTestOutput, expectedOf, testJob, testKernel } from './testing/testKernel.ts'
import { spawnThread } from './wasm/spawnThread.node.ts'

vi.setConfig({ testTimeout: 30_000 })
const never = new AbortController().signal
const opened: Pool[] = []
afterAll(() => opened.forEach((pool) => pool.close()))

const alone = { workers: 0, duty: 1, gpu: 1 }
const both = { workers: 2, duty: 1, gpu: 1 }

function gpuPool(gpu: FakeGpu, parts: Partial<PoolParts> = {}) {
  const gone: unknown[] = []
  const pool = createPool({
    spawnWorker: spawnThread,
    spawnGpuWorker: gpu.spawn,
    fetchKernel: async () => testKernel,
    cores: 2,
    onGpuGone: (error) => gone.push(error),
    ...parts,
  })
  opened.push(pool)
  return { pool, gone }
}

/** What a slice comes to when every item was done, each once. */
function whole({ start, log2 }: Slice, seed: bigint) {
  return { ...expectedOf(start, start + 2 ** log2, seed), items: 2 ** log2 }
}

const told = ({ digest, outputs, by }: SliceResult) => ({
  digest,
  outputs: outputs.map(decodeTestOutput),
  items: by.wasm.items + by.webgpu.items,
})

const slicesOf = (count: number, log2: number): Slice[] =>
  Array.from({ length: count }, (_, i) => ({ start: i * 2 ** log2, log2 }))

test('a slice comes out the same whether workers, the GPU or both do it', async () => {
  const { pool } = gpuPool(fakeGpu())
  const job = onGpuToo(await testJob({}))
  const cases = fc.record({
    effort: fc.constantFrom(alone, both, { workers: 1, duty: 1, gpu: 0 }),
    log2: fc.integer({ min: 0, max: 7 }),
    place: fc.nat(1_000),
    seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ effort, log2, place, seed }) => {
      pool.resize(effort)
      const slice = { start: place * 2 ** log2, log2 }
      expect(told(await pool.runSlice(job, slice, seed, never))).toEqual(whole(slice, seed))
    }),
    { numRuns: 40 },
  )
})

test('the GPU alone does all of it, in several lanes; together each does a part', async () => {
  const gpu = fakeGpu()
  const { pool } = gpuPool(gpu)
  const job = onGpuToo(await testJob({ spins: 2_000_000 }))
  const run = () =>
    Promise.all(slicesOf(12, 2).map((slice) => pool.runSlice(job, slice, 1n, never)))
  const total = (results: readonly SliceResult[], backend: Backend) =>
    results.reduce((sum, { by }) => sum + by[backend].items, 0)
  pool.resize(alone)
  expect(total(await run(), 'webgpu')).toBe(48)
  expect(pool.load.gpuBusyShare).toBeGreaterThan(0)
  expect(pool.load.busyShare).toBe(0)
  pool.resize(both)
  const shared = await run()
  expect(total(shared, 'webgpu')).toBeGreaterThan(0)
  expect(total(shared, 'wasm')).toBeGreaterThan(0)
  expect(gpu.alive).toBe(1)
})

const mishaps = [
  ['it fails', () => new KernelFailedError('test', 'of its own')],
  ['it is not the kernel that was asked for', () => new KernelMismatchError('a', 'b')],
  ['there is none after all', () => new GpuUnavailableError('no-adapter', 'gone')],
  ['it is lost for good', () => new GpuLostError(2, 'again')],
  ['its worker dies', () => 'dies' as const],
] as const

test.each(mishaps)('when %s, no slice fails and no item counts twice', async (_, mishap) => {
  for (const effort of [alone, both]) {
    for (const fatal of [0, 1, 4]) {
      const gpu = fakeGpu({ mishap: (nth) => (nth >= fatal ? mishap() : undefined) })
      const { pool, gone } = gpuPool(gpu)
      pool.resize(effort)
      const job = onGpuToo(await testJob({ spins: 10_000 }))
      const slices = slicesOf(10, 4)
      const results = await Promise.all(slices.map((slice) => pool.runSlice(job, slice, 3n, never)))
      expect(results.map(told)).toEqual(slices.map((slice) => whole(slice, 3n)))
      if (gpu.runs > fatal) {
        expect(gone).toHaveLength(1)
        expect(gpu.alive).toBe(0)
      }
      pool.close()
    }
  }
})

test('a GPU whose kernel cannot be fetched is given up, and its slices are done by workers', async () => {
  const gpu = fakeGpu()
  const missing = new NotFoundError('kernel', 'x')
  const { pool, gone } = gpuPool(gpu, {
    fetchKernel: async (backend) => {
      if (backend === 'webgpu') throw missing
      return testKernel
    },
  })
  pool.resize(alone)
  const slice = { start: 0, log2: 4 }
  const result = await pool.runSlice(onGpuToo(await testJob({})), slice, 1n, never)
  expect(told(result)).toEqual(whole(slice, 1n))
  expect(result.by.webgpu.items).toBe(0)
  expect(gone).toEqual([missing])
})

test('a GPU that was given up stays given up, whatever the effort says', async () => {
  const gpu = fakeGpu({ mishap: () => 'dies' })
  const { pool, gone } = gpuPool(gpu)
  const job = onGpuToo(await testJob({}))
  pool.resize(both)
  await pool.runSlice(job, { start: 0, log2: 4 }, 1n, never)
  const { runs } = gpu
  pool.resize(alone)
  const { by } = await pool.runSlice(job, { start: 16, log2: 4 }, 1n, never)
  expect(by.wasm.items).toBe(16)
  await expect(pool.openGpu()).rejects.toBe(gone[0])
  expect(gpu.runs).toBe(runs)
})

test('each backend’s kernel is fetched when it is used, and not before', async () => {
  const fetched: Backend[] = []
  const { pool } = gpuPool(fakeGpu(), {
    fetchKernel: async (backend) => {
      fetched.push(backend)
      return testKernel
    },
  })
  const job = onGpuToo(await testJob({}))
  pool.resize({ workers: 2, duty: 1, gpu: 0 })
  await pool.runSlice(job, { start: 0, log2: 3 }, 1n, never)
  expect(fetched).toEqual(['wasm'])
  pool.resize(alone)
  await pool.runSlice(job, { start: 0, log2: 3 }, 1n, never)
  expect(fetched).toEqual(['wasm', 'webgpu'])
})

test('work that only WASM has a kernel for is done, even while the GPU works alone', async () => {
  const { pool } = gpuPool(fakeGpu())
  pool.resize(alone)
  const plain = await testJob({ spins: 10 })
  const slices = slicesOf(4, 3)
  const results = await Promise.all([
    ...slices.map((slice) => pool.runSlice(plain, slice, 1n, never)),
    pool.runSlice(onGpuToo(await testJob({})), { start: 0, log2: 3 }, 1n, never),
  ])
  expect(results.map(({ by }) => by.wasm.items)).toEqual([8, 8, 8, 8, 0])
})

test('an effort without the GPU ends its worker; what it was at is done by others', async () => {
  const gpu = fakeGpu()
  const { pool, gone } = gpuPool(gpu)
  pool.resize(alone)
  const job = onGpuToo(await testJob({ spins: 1_000_000 }))
  const slice = { start: 0, log2: 7 }
  const running = pool.runSlice(job, slice, 5n, never)
  await vi.waitFor(() => expect(gpu.runs).toBeGreaterThan(2), { timeout: 20_000 })
  pool.resize({ workers: 2, duty: 1, gpu: 0 })
  expect(gpu.alive).toBe(0)
  expect(told(await running)).toEqual(whole(slice, 5n))
  expect(gone).toEqual([])
})

test('halt leaves the GPU idle as well, inside an item of many seconds, and that is no loss', async () => {
  const gpu = fakeGpu()
  const { pool, gone } = gpuPool(gpu)
  pool.resize(both)
  const endless = onGpuToo(await testJob({ spins: 0xffffffff }))
  const running = pool.runSlice(endless, { start: 0, log2: 5 }, 1n, never)
  const outcome = running.catch((error: unknown) => error)
  await vi.waitFor(() => expect(gpu.runs).toBe(3), { timeout: 20_000 })
  await new Promise((resolve) => setTimeout(resolve, 100))
  const begin = performance.now()
  await pool.halt()
  // 250 ms are promised, on a machine that does nothing else.
  expect(performance.now() - begin).toBeLessThan(2_500)
  expect(await outcome).toMatchObject({ name: 'AbortError' })
  expect(gone).toEqual([])
  const slice = { start: 0, log2: 4 }
  pool.resize(alone)
  const after = await pool.runSlice(onGpuToo(await testJob({})), slice, 1n, never)
  expect(told(after)).toEqual(whole(slice, 1n))
  expect(after.by.webgpu.items).toBe(16)
})

test('while it is held, only what is meant for one backend runs; then all the rest does', async () => {
  const { pool } = gpuPool(fakeGpu())
  pool.resize({ workers: 2, duty: 1, gpu: 0 })
  const job = onGpuToo(await testJob({}))
  await pool.openGpu()
  const release = await pool.hold(never)
  let done = false
  const waiting = pool.runSlice(job, { start: 0, log2: 4 }, 1n, never).finally(() => (done = true))
  const byGpu = await pool.runSlice(job, { start: 0, log2: 5 }, 2n, never, 'webgpu')
  const byWorkers = await pool.runSlice(job, { start: 0, log2: 5 }, 2n, never, 'wasm')
  expect(byGpu.digest).toBe(byWorkers.digest)
  expect([byGpu.by.webgpu.items, byWorkers.by.wasm.items]).toEqual([32, 32])
  expect(pool.hungry).toBe(false)
  expect(done).toBe(false)
  release()
  expect((await waiting).by.wasm.items).toBe(16)
})

test('a hold that is called off ends at once, whatever is under way, and the queue goes on', async () => {
  const { pool } = gpuPool(fakeGpu())
  pool.resize({ workers: 1, duty: 1, gpu: 0 })
  const slow = await testJob({ spins: 300_000_000 })
  const running = pool.runSlice(slow, { start: 0, log2: 0 }, 1n, never)
  let ended = false
  const settled = running.finally(() => (ended = true)).catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const off = new AbortController()
  const held = pool.hold(off.signal)
  off.abort(new DOMException('Enough.', 'AbortError'))
  await expect(held).rejects.toBe(off.signal.reason)
  expect(ended).toBe(false)
  expect(pool.hungry).toBe(true)
  await pool.halt()
  await settled
})

test('a slice that only the GPU may do ends when the GPU is closed', async () => {
  const { pool } = gpuPool(fakeGpu())
  pool.resize({ workers: 1, duty: 1, gpu: 0 })
  await pool.openGpu()
  const job = onGpuToo(await testJob({ spins: 1_000_000 }))
  const running = pool.runSlice(job, { start: 0, log2: 20 }, 1n, never, 'webgpu')
  const outcome = running.catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 100))
  pool.closeGpu()
  expect(await outcome).toMatchObject({ name: 'AbortError' })
})

test('what was worked at full duty while it was held is rested for before anything goes on', async () => {
  let clock = 0
  const { pool } = gpuPool(fakeGpu(), { now: () => clock })
  pool.resize({ workers: 1, duty: 0.1, gpu: 0 })
  const job = await testJob({ spins: 1_000_000 })
  const release = await pool.hold(never)
  const { busyMs } = await pool.runSlice(job, { start: 0, log2: 2 }, 2n, never, 'wasm')
  release()
  let done = false
  const after = pool.runSlice(job, { start: 0, log2: 0 }, 2n, never).finally(() => (done = true))
  clock = busyMs * 8.9
  pool.resize({ workers: 1, duty: 0.1, gpu: 0 })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(done).toBe(false)
  clock = busyMs * 9.1
  pool.resize({ workers: 1, duty: 0.1, gpu: 0 })
  await after
})

test('what only the GPU may do fails with what the GPU fails of', async () => {
  const lost = new GpuLostError(2, 'again')
  const { pool } = gpuPool(fakeGpu({ mishap: () => lost }))
  await pool.openGpu()
  const job = onGpuToo(await testJob({}))
  const running = pool.runSlice(job, { start: 0, log2: 4 }, 1n, never, 'webgpu')
  await expect(running).rejects.toEqual(lost)
})

test('however slices look, a pool has enough of them at some point', async () => {
  const job = await testJob({ spins: 1_000 })
  for (const effort of [alone, both]) {
    for (const work of [job, onGpuToo(job)]) {
      const { pool } = gpuPool(fakeGpu())
      pool.resize(effort)
      const running: Promise<unknown>[] = []
      for (const slice of slicesOf(50, 1)) {
        if (!pool.hungry) break
        running.push(pool.runSlice(work, slice, 1n, never))
      }
      expect(running.length).toBeGreaterThanOrEqual(2)
      expect(running.length).toBeLessThan(10)
      await Promise.all(running)
    }
  }
})
