import { setImmediate } from 'node:timers/promises'
import type { FetchKernel, Job, Pace } from '../../src/runtime/executor.ts'
import { loadDawn } from '../../src/runtime/webgpu/dawn.node.ts'
import { webGpuExecutor, type WebGpuExecutor } from '../../src/runtime/webgpu/executor.ts'
import type { GpuSource } from '../../src/runtime/webgpu/openGpu.ts'
import { testShader } from '../../src/runtime/webgpu/testing/testShader.node.ts'

/** Signals that never fire, and paces that never change. */
export const never = new AbortController().signal
export const paced =
  (duty: number, dispatchMs = 8): (() => Pace) =>
  () => ({ duty, dispatchMs })
export const full = paced(1)

const dawn = await loadDawn()

/**
 * Dawn in Node, with an adapter: SwiftShader will do.
 * @throws Error that says what to install where there is none
 */
export async function realGpu(): Promise<GPU> {
  const gpu = dawn.status === 'loaded' ? dawn.gpu : undefined
  if ((await gpu?.requestAdapter()) && gpu !== undefined) return gpu
  const why = dawn.status === 'loaded' ? 'Dawn finds no graphics adapter' : dawn.why
  throw new Error(
    `${why}. Tests of WebGPU need the npm package webgpu and a Vulkan driver. Without a GPU, Debian's chromium brings one for the CPU: ` +
      'LD_LIBRARY_PATH must name the folder of its libvulkan.so.1, VK_ICD_FILENAMES its vk_swiftshader_icd.json.',
  )
}

/** A GPU whose devices are watched: how many buffers live, and which devices there were. */
export interface WatchedGpu {
  readonly gpu: GpuSource
  readonly devices: GPUDevice[]
  readonly liveBuffers: ReadonlySet<GPUBuffer>
}

export async function watchedGpu(): Promise<WatchedGpu> {
  const devices: GPUDevice[] = []
  const liveBuffers = new Set<GPUBuffer>()
  const gpu = await gpuWith(async (adapter, descriptor) => {
    const device = await adapter.requestDevice(descriptor)
    devices.push(device)
    const createBuffer = device.createBuffer.bind(device)
    device.createBuffer = (wanted) => {
      const buffer = createBuffer(wanted)
      const destroy = buffer.destroy.bind(buffer)
      liveBuffers.add(buffer)
      buffer.destroy = () => {
        liveBuffers.delete(buffer)
        destroy()
      }
      return buffer
    }
    return device
  })
  return { gpu, devices, liveBuffers }
}

/** The real GPU, but its adapters make their devices this way, and have these limits. */
export async function gpuWith(
  requestDevice: (
    adapter: GPUAdapter,
    descriptor: GPUDeviceDescriptor | undefined,
  ) => Promise<GPUDevice>,
  limits: Partial<GPUSupportedLimits> = {},
): Promise<GpuSource> {
  const gpu = await realGpu()
  return {
    async requestAdapter(options) {
      const adapter = await gpu.requestAdapter(options)
      if (adapter === null) return null
      return {
        features: adapter.features,
        info: adapter.info,
        limits: new Proxy(adapter.limits, {
          get: (real, name) => Reflect.get(limits, name) ?? Reflect.get(real, name),
        }),
        requestDevice: (descriptor) => requestDevice(adapter, descriptor),
      } as GPUAdapter
    },
  }
}

const open: WebGpuExecutor[] = []

/** An executor that `closeExecutors` closes; by default its kernel is the test shader. */
export function executorOn(
  gpu: GpuSource | undefined,
  parts: { fetchKernel?: FetchKernel; yieldToEventLoop?: () => Promise<void> } = {},
): WebGpuExecutor {
  const { fetchKernel = async () => testShader, yieldToEventLoop = () => setImmediate() } = parts
  const executor = webGpuExecutor({ gpu, fetchKernel, yieldToEventLoop })
  open.push(executor)
  return executor
}

export function closeExecutors(): void {
  for (const executor of open.splice(0)) executor.close()
}

/** The job with another plan. */
export function replan(job: Job, plan: Partial<NonNullable<Job['webgpu']>['plan']>): Job {
  if (job.webgpu === undefined) throw new Error('The job has no WGSL kernel.')
  return { ...job, webgpu: { ...job.webgpu, plan: { ...job.webgpu.plan, ...plan } } }
}
