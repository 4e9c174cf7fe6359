import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { decodeTestOutput, expectedOf } from '../../src/runtime/testing/testKernel.ts'
import { GPU_LANES } from '../../src/runtime/webgpu/lanes.ts'
import { testShaderJob } from '../../src/runtime/webgpu/testing/testShader.node.ts'
import { closeExecutors, executorOn, full, gpuWith, never, watchedGpu } from './testGpu.ts'

afterEach(closeExecutors)

/** An executor whose device is destroyed before some submissions, which are counted from 1 over all runs. */
async function breakingExecutor(...breaks: number[]) {
  const watched = await watchedGpu()
  let submissions = 0
  const executor = executorOn(watched.gpu, {
    async yieldToEventLoop() {
      await setImmediate()
      submissions++
      if (breaks.includes(submissions)) watched.devices.at(-1)?.destroy()
    },
  })
  return { executor, ...watched }
}

const runOf = async (start: number) => ({
  job: await testShaderJob({ spins: 2_000, unitsPerItem: 2 }),
  start,
  count: 1_500,
  seed: 77n,
})
function expectedFrom(start: number) {
  const { digest } = expectedOf(2 * start, 2 * start + 3_000, 77n)
  return { digest, outputs: expectedOf(start, start + 1_500, 77n).outputs }
}

test.each([1, 2, 5, 9])(
  'a device that is lost before submission %i is opened again, and all runs end as if nothing had been',
  async (submission) => {
    const { executor, devices, liveBuffers } = await breakingExecutor(submission)
    const starts = Array.from({ length: GPU_LANES }, (_, lane) => 10_000 * lane)
    const runs = starts.map(async (start) => executor.run(await runOf(start), full, never))
    for (const [lane, start] of starts.entries()) {
      const { digest, outputs } = (await runs[lane]) ?? {}
      expect({ digest, outputs: outputs?.map(decodeTestOutput) }).toEqual(expectedFrom(start))
    }
    expect(devices).toHaveLength(2)
    executor.close()
    expect(liveBuffers.size).toBe(0)
  },
)

test.each([1, 3, 4])(
  'a submission %i that leaves zeros, before the loss is told, is computed again',
  async (submission) => {
    let devices = 0
    const gpu = await gpuWith(async (adapter, descriptor) => {
      const device = await adapter.requestDevice(descriptor)
      devices++
      if (devices === 1) leaveZeros(device, submission)
      return device
    })
    const job = await testShaderJob({ spins: 10 })
    // However fast it is, so many items take more than four submissions: each is at most twice as large as the one before.
    const run = { job, start: 0, count: 1_000, seed: 5n }
    const { digest, outputs } = await executorOn(gpu).run(run, full, never)
    const expected = expectedOf(0, 1_000, 5n)
    expect({ digest, outputs: outputs.map(decodeTestOutput) }).toEqual({
      digest: expected.digest,
      outputs: expected.outputs,
    })
    expect(devices).toBe(2)
  },
)

/** The GPU hangs at one submission of the test kernel and is reset: nothing is left of it, and the loss is told a moment later. */
function leaveZeros(device: GPUDevice, submission: number): void {
  const create = device.createCommandEncoder.bind(device)
  let submissions = 0
  device.createCommandEncoder = (descriptor) => {
    const encoder = create(descriptor)
    if (descriptor?.label === 'test') submissions++
    if (descriptor?.label !== 'test' || submissions !== submission) return encoder
    encoder.copyBufferToBuffer = () => undefined
    setTimeout(() => device.destroy(), 20)
    return encoder
  }
}

test('a device that is lost while nothing runs is opened again for the next run', async () => {
  const { executor, devices } = await breakingExecutor()
  await executor.open()
  devices[0]?.destroy()
  const { digest } = await executor.run(await runOf(5), full, never)
  expect(digest).toBe(expectedFrom(5).digest)
  expect(devices).toHaveLength(2)
})

test('after the second loss every run fails, and stays so; no third device is opened', async () => {
  const { executor, devices, liveBuffers } = await breakingExecutor(4, 9)
  const runs = await Promise.all([0, 1, 2].map(runOf))
  for (const ended of await Promise.allSettled(runs.map((run) => executor.run(run, full, never)))) {
    expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'gpu_lost' } })
  }
  const later = executor.run(await runOf(0), full, never)
  await expect(later).rejects.toMatchObject({ code: 'gpu_lost', details: { losses: 2 } })
  expect(await executor.open()).toMatchObject({ status: 'unavailable', reason: 'refused' })
  expect(devices).toHaveLength(2)
  expect(liveBuffers.size).toBe(0)
})
