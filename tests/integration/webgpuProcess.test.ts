import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeTestOutput, expectedOf } from '../../src/runtime/testing/testKernel.ts'
import { GPU_LANES } from '../../src/runtime/webgpu/lanes.ts'
import { spawnGpuProcess } from '../../src/runtime/webgpu/spawnGpuProcess.node.ts'
import { testShader, testShaderJob } from '../../src/runtime/webgpu/testing/testShader.node.ts'
import type { GpuWorkerHandle } from '../../src/runtime/worker.ts'
import { realGpu } from './testGpu.ts'

let gpu: GpuWorkerHandle
beforeEach(async () => {
  await realGpu()
  gpu = spawnGpuProcess()
})
afterEach(() => gpu.terminate())

/** Hands the kernel over; @returns a run of it. */
async function loadedRun(start: number, count: number, spins = 100) {
  const job = await testShaderJob({ spins })
  if (job.webgpu) await gpu.remote.load(job.webgpu.kernel, testShader)
  return { job, start, count, seed: 9n }
}

test('a process opens the GPU, says what it is, and runs as many runs at once as it has lanes', async () => {
  const opening = await gpu.remote.open()
  expect(opening).toMatchObject({ status: 'open', adapter: { level: 'core' } })
  const lanes = Array.from({ length: GPU_LANES }, (_, lane) => lane)
  const replies = await Promise.all(
    lanes.map(async (lane) => gpu.remote.run(lane, await loadedRun(100 * lane, 100))),
  )
  for (const [lane, reply] of replies.entries()) {
    if (reply.status !== 'done') throw new Error(`The run ended as ${reply.status}.`)
    const { digest, outputs } = reply.result
    const expected = expectedOf(100 * lane, 100 * lane + 100, 9n)
    expect({ digest, outputs: outputs.map(decodeTestOutput) }).toEqual(expected)
  }
})

test('an abort ends the run of its lane and no other', async () => {
  const endless = gpu.remote.run(1, await loadedRun(0, 2 ** 50, 1_000))
  const other = gpu.remote.run(2, await loadedRun(5, 500, 1_000))
  await gpu.remote.run(0, await loadedRun(0, 4))
  await gpu.remote.abort(1)
  expect(await endless).toEqual({ status: 'aborted' })
  expect(await other).toMatchObject({
    status: 'done',
    result: { digest: expectedOf(5, 505, 9n).digest },
  })
})

test('a failure crosses as what it was', async () => {
  const run = await loadedRun(0, 4)
  const job = await testShaderJob({ misbehaviour: 'silent' })
  expect(await gpu.remote.run(0, { ...run, job })).toMatchObject({
    status: 'failed',
    error: { code: 'kernel_failed', details: { app: 'test' } },
  })
})

test('it can be ended in the middle of a run', async () => {
  const lost = new Promise<string>((resolve) => gpu.onLost(resolve))
  void gpu.remote.run(0, await loadedRun(0, 2 ** 50, 100_000))
  await gpu.remote.run(1, await loadedRun(0, 4))
  gpu.terminate()
  expect(await lost).toBe('it exited with SIGKILL')
})
