import { expect, test } from 'vitest'
import { measureCanary } from './canary.ts'
import { testJob } from './testing/testKernel.ts'

const never = new AbortController().signal
const resultOf = (busyMs: number) => ({
  digest: 0n,
  outputs: [],
  busyMs,
  by: { wasm: { items: 1, busyMs }, webgpu: { items: 0, busyMs: 0 } },
})

test('the canary is credit for the work of one worker, and its first round does not count', async () => {
  const job = await testJob({})
  const seeds: bigint[] = []
  const pool = {
    async runSlice(_job: unknown, _slice: unknown, seed: bigint) {
      seeds.push(seed)
      return resultOf(seed === 0n ? 5_000 : 20)
    },
  }
  const canary = await measureCanary(pool, { job, item: 0, itemCost: 7n }, 2, never)
  expect(canary).toBeCloseTo(7 / 0.02)
  expect(seeds).toEqual([0n, 0n, 1n, 1n, 2n, 2n, 3n, 3n])
})

test('items too short to measure end it all the same', async () => {
  const job = await testJob({})
  const pool = { runSlice: async () => resultOf(0) }
  const canary = await measureCanary(pool, { job, item: 0, itemCost: 1n }, 1, never)
  expect(Number.isFinite(canary)).toBe(true)
})
