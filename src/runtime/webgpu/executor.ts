import { KernelFailedError } from '../../protocol/errors.ts'
import type { Executor, FetchKernel } from '../executor.ts'
import type { GpuOpening } from './adapter.ts'
import { closedError, Devices } from './devices.ts'
import { Gate } from './gate.ts'
import { GpuRun } from './gpuRun.ts'
import type { GpuSource } from './openGpu.ts'
import { unlessAborted } from './unlessAborted.ts'

export interface WebGpuExecutorParts {
  /** Undefined where there is none. */
  readonly gpu: GpuSource | undefined
  /** Why there is none, where more can be said than that. */
  readonly whyNoGpu?: string
  readonly fetchKernel: FetchKernel
  /** Resolves in a later task of the event loop, so that messages (stop, another duty) get in between submissions. */
  readonly yieldToEventLoop: () => Promise<void>
  /** A monotonic clock, ms. */
  readonly now?: () => number
}

/** Up to `GPU_LANES` runs may be under way at once: they share the GPU, so that it has work while one of them is read back. */
export interface WebGpuExecutor extends Executor {
  /** Opens the GPU, if that was not done yet, and says what there is. The first run does so as well. */
  open(): Promise<GpuOpening>
}

export function webGpuExecutor(parts: WebGpuExecutorParts): WebGpuExecutor {
  const { gpu, whyNoGpu = 'there is no WebGPU here', fetchKernel, yieldToEventLoop } = parts
  const now = parts.now ?? (() => performance.now())
  const gate = new Gate(now)
  /** The runs under way, and the apps to name when something ends them all. */
  const underWay = new Map<AbortController, string>()
  const devices = new Devices({
    gpu,
    whyNoGpu,
    fetchKernel,
    now,
    onError: (message, gone) => void failAll(message, gone),
  })
  let runs = 0

  /** Nobody knows which run an error belongs to that no call was waiting for: it ends them all. */
  async function failAll(message: string, gone: Promise<boolean>): Promise<void> {
    const concerned = [...underWay]
    if (await gone) return
    for (const [end, app] of concerned) end.abort(new KernelFailedError(app, message))
  }

  return {
    backend: 'webgpu',
    open: () => devices.open(),
    async run(run, pace, signal) {
      signal.throwIfAborted()
      const end = new AbortController()
      const stop = (): void => end.abort(signal.reason)
      const order = runs++
      const onGpu = new GpuRun({ devices, gate, yieldToEventLoop }, run, order, pace, end.signal)
      signal.addEventListener('abort', stop)
      underWay.set(end, run.job.app)
      try {
        return await unlessAborted(onGpu.result(), end.signal)
      } catch (error) {
        // What is still in flight of it counts for nobody.
        end.abort(error)
        throw error
      } finally {
        underWay.delete(end)
        signal.removeEventListener('abort', stop)
      }
    },
    close() {
      for (const end of underWay.keys()) end.abort(closedError())
      devices.close()
    },
  }
}
