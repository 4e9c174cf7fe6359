import { afterEach, describe, expect, test } from 'vitest'
import { expectedOf, testKernelHash } from '../../src/runtime/testing/testKernel.ts'
import type { GpuSource } from '../../src/runtime/webgpu/openGpu.ts'
import {
  hashOf,
  testShader,
  testShaderJob,
  type Misbehaviour,
} from '../../src/runtime/webgpu/testing/testShader.node.ts'
import {
  closeExecutors,
  executorOn,
  full,
  gpuWith,
  never,
  realGpu,
  replan,
  watchedGpu,
} from './testGpu.ts'

afterEach(closeExecutors)

/** A browser that has WebGPU and no adapter. */
const noAdapter: GpuSource = { requestAdapter: async () => null }

const someRun = async () => ({ job: await testShaderJob(), start: 0, count: 20, seed: 4n })

describe('where there is no GPU', () => {
  const cases: [string, () => Promise<GpuSource | undefined>, string, RegExp][] = [
    ['no WebGPU', async () => undefined, 'no-webgpu', /no WebGPU/],
    ['no adapter', async () => noAdapter, 'no-adapter', /no graphics adapter/],
    [
      'an adapter that cannot be asked for',
      async () => ({ requestAdapter: () => Promise.reject(new Error('blocked')) }),
      'no-adapter',
      /blocked/,
    ],
    [
      'limits below what kernels need',
      () =>
        gpuWith((adapter) => adapter.requestDevice(), { maxComputeInvocationsPerWorkgroup: 32 }),
      'limits',
      /allows 32 invocations in a workgroup, kernels need 64/,
    ],
    [
      'an adapter that gives no device',
      () => gpuWith(() => Promise.reject(new Error('not today'))),
      'refused',
      /not today/,
    ],
    [
      'a device that is lost at once',
      () =>
        gpuWith(async (adapter) => {
          const device = await adapter.requestDevice()
          device.destroy()
          return device
        }),
      'refused',
      /lost at once/,
    ],
  ]
  test.each(cases)('(%s) opening says so, and so does every run', async (_, make, reason, why) => {
    const executor = executorOn(await make())
    expect(await executor.open()).toEqual({
      status: 'unavailable',
      reason,
      why: expect.stringMatching(why),
    })
    const failure = {
      code: 'gpu_unavailable',
      details: { reason, why: expect.stringMatching(why) },
    }
    await expect(executor.run(await someRun(), full, never)).rejects.toMatchObject(failure)
    await expect(executor.run(await someRun(), full, never)).rejects.toMatchObject(failure)
  })

  test('an adapter in compatibility mode is taken where no other is offered', async () => {
    const gpu = await realGpu()
    const asked: (GPURequestAdapterOptions | undefined)[] = []
    const executor = executorOn({
      requestAdapter(options) {
        asked.push(options)
        return asked.length === 1 ? Promise.resolve(null) : gpu.requestAdapter(options)
      },
    })
    const opening = await executor.open()
    expect(asked).toEqual([
      { powerPreference: 'high-performance' },
      { featureLevel: 'compatibility' },
    ])
    expect(opening).toMatchObject({ status: 'open', adapter: { level: 'compatibility' } })
    const run = await someRun()
    const { digest } = await executor.run(run, full, never)
    expect(digest).toBe(expectedOf(0, 20, 4n).digest)
  })

  test('opening twice opens one device', async () => {
    const { gpu, devices } = await watchedGpu()
    const executor = executorOn(gpu)
    const [first, second] = await Promise.all([executor.open(), executor.open()])
    expect(second).toEqual(first)
    await executor.run(await someRun(), full, never)
    expect(devices).toHaveLength(1)
  })

  test('a plan that needs larger buffers than there can be does not run, and others do', async () => {
    const executor = executorOn(await realGpu())
    const run = await someRun()
    const job = replan(run.job, { stateBytes: 2 ** 30 })
    await expect(executor.run({ ...run, job }, full, never)).rejects.toMatchObject({
      code: 'gpu_unavailable',
      details: { reason: 'limits', why: expect.stringContaining('the kernel needs 1073741824') },
    })
    await expect(executor.run(run, full, never)).resolves.toBeDefined()
  })
})

describe('a kernel', () => {
  const cases: [Misbehaviour, RegExp][] = [
    ['silent', /sentinel 0, not \d+/],
    ['skips', /units 0, not 1/],
    ['idles', /work done 0, not 1/],
    ['fails', /failure 7, not 0/],
  ]
  test.each(cases)(
    'that misbehaves (%s) has failed, with the numbers',
    async (misbehaviour, why) => {
      const executor = executorOn(await realGpu())
      const job = await testShaderJob({ misbehaviour })
      const failing = executor.run({ ...(await someRun()), job }, full, never)
      await expect(failing).rejects.toMatchObject({
        code: 'kernel_failed',
        details: { app: 'test', reason: expect.stringMatching(why) },
      })
      await expect(executor.run(await someRun(), full, never)).resolves.toBeDefined()
    },
  )

  test('with more outputs in one unit than there is room for has failed', async () => {
    const job = await testShaderJob({ crowd: 1_025 })
    const failing = executorOn(await realGpu()).run({ ...(await someRun()), job }, full, never)
    await expect(failing).rejects.toMatchObject({
      details: { reason: expect.stringContaining('a unit has 1025 outputs') },
    })
  })

  test('that does not compile has failed, with the line and the first message', async () => {
    const bytes = new TextEncoder().encode('fn fine() {}\nfn broken() { return 1u; }\n')
    const executor = executorOn(await realGpu(), { fetchKernel: async () => bytes })
    await expect(executor.run(await runOf(bytes), full, never)).rejects.toMatchObject({
      code: 'kernel_failed',
      details: { reason: expect.stringMatching(/^it does not compile, line 2: .*return/) },
    })
  })

  test('without an entry point that its plan names has failed', async () => {
    const run = await someRun()
    const job = replan(run.job, { round: [{ entryPoint: 'missing', fixed: 1, perUnit: 0 }] })
    const failing = executorOn(await realGpu()).run({ ...run, job }, full, never)
    await expect(failing).rejects.toMatchObject({
      code: 'kernel_failed',
      details: { reason: expect.stringContaining('missing does not compile') },
    })
  })

  test('of another hash is not run', async () => {
    const run = await someRun()
    const kernel = await testKernelHash()
    const job = { ...run.job, webgpu: { ...webgpuOf(run.job), kernel } }
    const actual = await hashOf(testShader)
    const failing = executorOn(await realGpu()).run({ ...run, job }, full, never)
    await expect(failing).rejects.toMatchObject({
      code: 'kernel_mismatch',
      details: { expected: kernel, actual },
    })
  })

  test('that an app does not have cannot be run', async () => {
    const { webgpu: _, ...job } = (await someRun()).job
    const failing = executorOn(await realGpu()).run({ ...(await someRun()), job }, full, never)
    await expect(failing).rejects.toMatchObject({ code: 'kernel_failed' })
  })

  async function runOf(bytes: Uint8Array<ArrayBuffer>) {
    const run = await someRun()
    const kernel = await hashOf(bytes)
    return { ...run, job: { ...run.job, webgpu: { ...webgpuOf(run.job), kernel } } }
  }
  type TestJob = Awaited<ReturnType<typeof testShaderJob>>
  function webgpuOf({ webgpu }: TestJob): NonNullable<TestJob['webgpu']> {
    if (webgpu === undefined) throw new Error('The job has no WGSL kernel.')
    return webgpu
  }
})

test('an error of the GPU that nobody waits for fails the runs at hand, and no later one', async () => {
  const { gpu, devices } = await watchedGpu()
  const executor = executorOn(gpu)
  const job = await testShaderJob({ spins: 10_000 })
  const runs = [1, 2].map((start) =>
    executor.run({ job, start, count: 2 ** 50, seed: 1n }, full, never),
  )
  await executor.run(await someRun(), full, never)
  // Mapping for reading and for writing excludes each other.
  devices[0]?.createBuffer({ size: 16, usage: 3 })
  for (const run of runs) await expect(run).rejects.toMatchObject({ code: 'kernel_failed' })
  await expect(executor.run(await someRun(), full, never)).resolves.toBeDefined()
})
