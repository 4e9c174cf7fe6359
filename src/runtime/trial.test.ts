import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Pool } from './pool.ts'
import type { Backend } from './executor.ts'
import type { SliceResult } from './sliceRun.ts'
import { runTrial } from './trial.ts'
import { testJob } from './testing/testKernel.ts'

const never = new AbortController().signal

/** A pool whose lanes take this long for an item, as told; all lanes of `webgpu` share one GPU. */
function clockworkPool(itemMs: Readonly<Record<Backend, number>>): Pick<Pool, 'runSlice'> {
  let gpuFreeAt = 0
  return {
    async runSlice(_job, { log2 }, _seed, signal, only = 'wasm') {
      const items = 2 ** log2
      const now = performance.now()
      const ms = items * itemMs[only]
      const end = only === 'webgpu' ? Math.max(now, gpuFreeAt) + ms : now + ms
      if (only === 'webgpu') gpuFreeAt = end
      await sleep(end - now, undefined, { signal })
      return { digest: 0n, outputs: [], busyMs: ms } as unknown as SliceResult
    },
  }
}

const parts = async (pool: Pick<Pool, 'runSlice'>, lanes: Record<Backend, number>) => ({
  pool,
  job: await testJob({}),
  items: 500,
  lanes,
  forMs: 150,
  now: () => performance.now(),
})

test('lanes that share one GPU add up to what the GPU does, and no more', async () => {
  const pool = clockworkPool({ wasm: 1, webgpu: 10 })
  const rates = await runTrial(await parts(pool, { wasm: 0, webgpu: 3 }), never)
  expect(rates.wasm).toBe(0)
  // 100 a second; timers only ever oversleep.
  expect(rates.webgpu).toBeLessThan(105)
  expect(rates.webgpu).toBeGreaterThan(20)
})

test('a backend that finishes nothing in ten times the time has the speed 0, and the other its own', async () => {
  const pool = clockworkPool({ wasm: 20, webgpu: 60_000 })
  const begin = performance.now()
  const rates = await runTrial(await parts(pool, { wasm: 1, webgpu: 3 }), never)
  expect(performance.now() - begin).toBeGreaterThan(1_400)
  expect(rates.webgpu).toBe(0)
  expect(rates.wasm).toBeGreaterThan(0)
})

test('an abort ends a trial at once', async () => {
  const stop = new AbortController()
  const trying = runTrial(
    await parts(clockworkPool({ wasm: 60_000, webgpu: 60_000 }), { wasm: 2, webgpu: 3 }),
    stop.signal,
  )
  const enough = new DOMException('Enough.', 'AbortError')
  setTimeout(() => stop.abort(enough), 20)
  await expect(trying).rejects.toBe(enough)
})

test('what fails a slice fails the trial', async () => {
  const broken = new Error('no such GPU')
  const pool: Pick<Pool, 'runSlice'> = {
    async runSlice(_job, _slice, _seed, _signal, only) {
      if (only === 'webgpu') throw broken
      return clockworkPool({ wasm: 1, webgpu: 1 }).runSlice(_job, _slice, _seed, _signal)
    },
  }
  await expect(runTrial(await parts(pool, { wasm: 1, webgpu: 1 }), never)).rejects.toBe(broken)
})
