import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { decodeTestOutput, expectedOf, testJob, testKernel } from '../testing/testKernel.ts'
import { wasmExecutor } from './executor.ts'

const executor = () =>
  wasmExecutor({ fetchKernel: async () => testKernel, yieldToEventLoop: () => setImmediate() })
const paced = (duty: number) => () => ({ duty, dispatchMs: 8 })
const full = paced(1)
const never = new AbortController().signal

test('a run sums the digests of its items and keeps their outputs in order', async () => {
  const run = { job: await testJob({}), start: 5, count: 20, seed: 77n }
  const result = await executor().run(run, full, never)
  expect(result.digest).toBe(expectedOf(5, 25, 77n).digest)
  expect(result.outputs.map(decodeTestOutput)).toEqual(expectedOf(5, 25, 77n).outputs)
})

test('jobs may alternate; each keeps its own input', async () => {
  const wasm = executor()
  const good = { job: await testJob({}), start: 0, count: 4, seed: 1n }
  const bad = { job: await testJob({ trapItem: 2 }), start: 0, count: 4, seed: 1n }
  const expected = expectedOf(0, 4, 1n).digest
  expect((await wasm.run(good, full, never)).digest).toBe(expected)
  await expect(wasm.run(bad, full, never)).rejects.toMatchObject({ code: 'kernel_failed' })
  expect((await wasm.run(good, full, never)).digest).toBe(expected)
})

test('an abort takes effect before the next item', async () => {
  const stop = new AbortController()
  let yields = 0
  const wasm = wasmExecutor({
    fetchKernel: async () => testKernel,
    async yieldToEventLoop() {
      yields++
      if (yields === 3) stop.abort()
      await setImmediate()
    },
  })
  const run = { job: await testJob({}), start: 0, count: 1_000, seed: 0n }
  await expect(wasm.run(run, full, stop.signal)).rejects.toMatchObject({ name: 'AbortError' })
  expect(yields).toBe(3)
})

test('an abort ends a rest, and a higher duty shortens it', async () => {
  // Every look at the clock finds 10 s gone by: one item makes rests far longer than a test may last.
  let at = 0
  const wasm = wasmExecutor({
    fetchKernel: async () => testKernel,
    yieldToEventLoop: () => setImmediate(),
    now: () => (at += 10_000),
  })
  const stop = new AbortController()
  const job = await testJob({})
  const resting = wasm.run({ job, start: 0, count: 2, seed: 0n }, paced(0.000_1), stop.signal)
  const asleep = await Promise.race([resting.catch(() => 'ended'), pause20ms()])
  expect(asleep).toBe('asleep')
  stop.abort()
  await expect(resting).rejects.toMatchObject({ name: 'AbortError' })
  await expect(wasm.run({ job, start: 0, count: 2, seed: 0n }, full, never)).resolves.toBeDefined()
})

test('a worker at a third of its duty is busy for no more than a third of the time', async () => {
  const wasm = executor()
  const job = await testJob({ spins: 5_000_000 })
  await wasm.run({ job, start: 0, count: 1, seed: 0n }, full, never)
  const begin = performance.now()
  // The second run pays for the first one's rest: what is measured ends with a rest.
  const { busyMs } = await wasm.run({ job, start: 0, count: 12, seed: 0n }, paced(1 / 3), never)
  await wasm.run({ job: await testJob({}), start: 0, count: 1, seed: 0n }, paced(1 / 3), never)
  const share = busyMs / (performance.now() - begin)
  expect(share).toBeLessThan(0.36)
  expect(share).toBeGreaterThan(0)
})

const pause20ms = () =>
  new Promise<string>((resolve) => void setTimeout(() => resolve('asleep'), 20))
