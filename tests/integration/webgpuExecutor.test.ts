import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { Run, RunResult } from '../../src/runtime/executor.ts'
import { decodeTestOutput, expectedOf } from '../../src/runtime/testing/testKernel.ts'
import { GPU_LANES } from '../../src/runtime/webgpu/lanes.ts'
import { testShaderJob } from '../../src/runtime/webgpu/testing/testShader.node.ts'
import { closeExecutors, executorOn, full, never, paced, realGpu, watchedGpu } from './testGpu.ts'

afterEach(closeExecutors)

/** A result in numbers, and what it must be: the same for WASM and the GPU, however many units an item has. */
const seen = ({ digest, outputs }: RunResult) => ({
  digest,
  outputs: outputs.map(decodeTestOutput),
})
function expected({ start, count, seed }: Run, unitsPerItem = 1) {
  const { digest } = expectedOf(start * unitsPerItem, (start + count) * unitsPerItem, seed)
  return { digest, outputs: expectedOf(start, start + count, seed).outputs }
}

describe('a run', () => {
  test('gives the digest and the outputs of its items, in order, wherever it starts', async () => {
    const executor = executorOn(await realGpu())
    const job = await testShaderJob()
    for (const start of [0, 5, 2 ** 32 - 10, 2 ** 53 - 30]) {
      const run = { job, start, count: 30, seed: 2n ** 64n - 5n }
      expect(seen(await executor.run(run, full, never))).toEqual(expected(run))
    }
  })

  test('goes on past 2^53 units', async () => {
    const job = await testShaderJob({ unitsPerItem: 8 })
    const run = { job, start: 2 ** 53 - 10, count: 10, seed: 3n }
    const { digest, outputs } = await executorOn(await realGpu()).run(run, full, never)
    const first = BigInt(run.start) * 8n
    const units = Array.from({ length: 80 }, (_, i) => (first + BigInt(i) + 1n) * 4n)
    expect(digest).toBe(
      BigInt.asUintN(
        64,
        units.reduce((sum, unit) => sum + unit),
      ),
    )
    expect(outputs.map(decodeTestOutput)).toEqual([2 ** 53 - 9, 2 ** 53 - 5, 2 ** 53 - 1])
  })

  test('of no items is nothing', async () => {
    const run = { job: await testShaderJob(), start: 3, count: 0, seed: 1n }
    const result = await executorOn(await realGpu()).run(run, full, never)
    expect(result).toEqual({ digest: 0n, outputs: [], busyMs: 0 })
  })

  test('agrees however it is cut, beside others, and when some are stopped', async () => {
    const executor = executorOn(await realGpu())
    const lanes = fc.array(
      fc.record({
        start: fc.integer({ min: 0, max: 2 ** 40 }),
        count: fc.integer({ min: 1, max: 200 }),
        seed: fc.bigInt(0n, 2n ** 64n - 1n),
        unitsPerItem: fc.constantFrom(1, 2, 8),
        unitsPerRound: fc.constantFrom(3, 16),
        dispatchMs: fc.constantFrom(0.01, 1, 8),
        stopped: fc.boolean(),
      }),
      { minLength: GPU_LANES, maxLength: GPU_LANES },
    )
    await fc.assert(
      fc.asyncProperty(lanes, async (wanted) => {
        const ends = wanted.map(async ({ unitsPerItem, unitsPerRound, dispatchMs, ...run }) => {
          const job = await testShaderJob({ unitsPerItem, unitsPerRound })
          const stop = new AbortController()
          const result = executor.run({ job, ...run }, paced(1, dispatchMs), stop.signal)
          if (run.stopped) {
            await setImmediate()
            stop.abort()
            await result.catch(() => undefined)
          } else expect(seen(await result)).toEqual(expected({ job, ...run }, unitsPerItem))
        })
        await Promise.all(ends)
      }),
      { numRuns: 30 },
    )
  })

  test('whose outputs find no room in one submission is computed again in smaller ones', async () => {
    const job = await testShaderJob({ crowd: 300 })
    const run = { job, start: 0, count: 64, seed: 9n }
    const { digest, outputs } = await executorOn(await realGpu()).run(run, full, never)
    expect(digest).toBe(expected(run).digest)
    expect(outputs).toHaveLength(64 * 300 + 16)
  })

  test('tells how long the GPU worked for it', async () => {
    const executor = executorOn(await realGpu())
    const run = { start: 0, count: 20, seed: 1n }
    const quick = await executor.run({ job: await testShaderJob(), ...run }, full, never)
    const slow = await testShaderJob({ spins: 2_000_000 })
    const long = await executor.run({ job: slow, ...run }, full, never)
    expect(quick.busyMs).toBeGreaterThan(0)
    expect(long.busyMs).toBeGreaterThan(quick.busyMs)
  })
})

describe('an abort', () => {
  test('ends a run at once, and the others go on', async () => {
    const executor = executorOn(await realGpu())
    const stop = new AbortController()
    const job = await testShaderJob({ spins: 100_000 })
    const endless = executor.run({ job, start: 0, count: 2 ** 50, seed: 1n }, full, stop.signal)
    const other = { job, start: 7, count: 50, seed: 2n }
    const result = executor.run(other, full, never)
    await executor.run({ job, start: 0, count: 1, seed: 3n }, full, never)
    stop.abort()
    await expect(endless).rejects.toMatchObject({ name: 'AbortError' })
    expect(seen(await result)).toEqual(expected(other))
  })

  test('is noticed before the next submission', async () => {
    const stop = new AbortController()
    let yields = 0
    const executor = executorOn(await realGpu(), {
      async yieldToEventLoop() {
        yields++
        if (yields === 3) stop.abort()
        await setImmediate()
      },
    })
    const run = { job: await testShaderJob(), start: 0, count: 2 ** 50, seed: 0n }
    await expect(executor.run(run, full, stop.signal)).rejects.toMatchObject({ name: 'AbortError' })
    await executor.run({ ...run, count: 1 }, full, never)
    expect(yields).toBe(4)
    await expect(executor.run(run, full, stop.signal)).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('ends a rest', async () => {
    const executor = executorOn(await realGpu())
    const job = await testShaderJob({ spins: 100_000 })
    const stop = new AbortController()
    await executor.run({ job, start: 0, count: 1, seed: 0n }, paced(0.000_01), never)
    const resting = executor.run(
      { job, start: 0, count: 1, seed: 0n },
      paced(0.000_01),
      stop.signal,
    )
    const asleep = new Promise((resolve) => void setTimeout(() => resolve('asleep'), 50))
    expect(await Promise.race([resting, asleep])).toBe('asleep')
    stop.abort()
    await expect(resting).rejects.toMatchObject({ name: 'AbortError' })
  })
})

test('at three tenths of its duty the GPU is busy for about three tenths of the time, over all runs', async () => {
  const executor = executorOn(await realGpu())
  const job = await testShaderJob({ spins: 20_000 })
  async function shareOverASecond(): Promise<number> {
    const begin = performance.now()
    let busyMs = 0
    const lane = async (): Promise<void> => {
      while (performance.now() - begin < 1_000) {
        const run = { job, start: 0, count: 20, seed: 0n }
        const result = await executor.run(run, paced(0.3), never)
        busyMs += result.busyMs
      }
    }
    await Promise.all(Array.from({ length: GPU_LANES }, lane))
    return busyMs / (performance.now() - begin)
  }
  await executor.run({ job, start: 0, count: 100, seed: 0n }, full, never)
  // Where other work keeps the GPU waiting it may do less at times, never more.
  let most = 0
  while (most < 0.2) {
    most = await shareOverASecond()
    expect(most).toBeLessThan(0.36)
  }
})

describe('buffers', () => {
  test('of jobs that are not used any more are destroyed, and those jobs can come back', async () => {
    const { gpu, liveBuffers } = await watchedGpu()
    const executor = executorOn(gpu)
    const runOf = async (spins: number) => ({
      job: await testShaderJob({ spins }),
      start: 0,
      count: 8,
      seed: 5n,
    })
    for (let spins = 0; spins < 6; spins++) await executor.run(await runOf(spins), full, never)
    const before = liveBuffers.size
    for (let spins = 6; spins < 20; spins++) await executor.run(await runOf(spins), full, never)
    expect(liveBuffers.size).toBeLessThanOrEqual(before)
    const again = await runOf(0)
    expect(seen(await executor.run(again, full, never))).toEqual(expected(again))
  })

  test('that all jobs share grow with the jobs, in the middle of their runs', async () => {
    const executor = executorOn(await realGpu())
    const runs = await Promise.all(
      [1, 16, 64, 1_000].map(async (unitsPerRound) => {
        const job = await testShaderJob({ unitsPerRound, spins: 1_000 })
        return { job, start: 11, count: 300, seed: BigInt(unitsPerRound) }
      }),
    )
    const results = await Promise.all(runs.map((run) => executor.run(run, full, never)))
    expect(results.map(seen)).toEqual(runs.map((run) => expected(run)))
  })

  test('are all destroyed when it is closed, and whatever runs ends', async () => {
    const { gpu, devices, liveBuffers } = await watchedGpu()
    const executor = executorOn(gpu)
    const job = await testShaderJob({ spins: 100_000 })
    const endless = executor.run({ job, start: 0, count: 2 ** 50, seed: 1n }, full, never)
    await executor.run({ job, start: 0, count: 4, seed: 1n }, full, never)
    expect(liveBuffers.size).toBeGreaterThan(0)
    executor.close()
    await expect(endless).rejects.toMatchObject({ name: 'AbortError' })
    expect(liveBuffers.size).toBe(0)
    expect(devices).toHaveLength(1)
    const late = executor.run({ job, start: 0, count: 4, seed: 1n }, full, never)
    await expect(late).rejects.toMatchObject({ name: 'AbortError' })
  })
})
