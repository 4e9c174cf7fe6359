import { availableParallelism } from 'node:os'
import { apps } from '../apps/registry.ts'
import type { AppId } from '../protocol/ids.ts'
import { measureCanary } from '../runtime/canary.ts'
import { chooseBackends, type ChosenBackends } from '../runtime/chooseBackends.ts'
import { examineGpu, type GpuVerdict } from '../runtime/examineGpu.ts'
import { createPool } from '../runtime/pool.ts'
import { spawnThread } from '../runtime/wasm/spawnThread.node.ts'
import { spawnGpuProcess } from '../runtime/webgpu/spawnGpuProcess.node.ts'
import { gpuCanaries } from './canaryJob.ts'
import { readKernel } from './readKernel.node.ts'

/** What this device can run, how fast, and why not. Speeds are in credit per second at full share. */
export interface DeviceReport {
  readonly cores: number
  /** What it was measured on. */
  readonly app: { readonly id: AppId; readonly version: number; readonly creditPerItem: number }
  /** All cores, without the GPU. */
  readonly wasm: number
  readonly gpu: GpuVerdict
  /** What a contributor here would use. */
  readonly chosen: ChosenBackends
}

const now = (): number => performance.now()

/**
 * Measures this device as a contributor would: WASM on all cores, then the GPU, then both. It takes about a second, and up to
 * half a minute where a GPU is slow to open.
 * @throws KernelFailedError, KernelMismatchError, WorkerLostError when not even WASM can run
 */
export async function examineDevice(signal: AbortSignal): Promise<DeviceReport> {
  const [app] = apps
  if (app === undefined) throw new Error('This build knows no app.')
  const cores = availableParallelism()
  const pool = createPool({
    spawnWorker: spawnThread,
    spawnGpuWorker: spawnGpuProcess,
    fetchKernel: readKernel,
    cores,
    now,
  })
  try {
    const canaries = await gpuCanaries(apps, app)
    const { course } = canaries
    const perWorker = await measureCanary(pool, course, cores, signal)
    const verdict = Promise.withResolvers<GpuVerdict>()
    await examineGpu(
      {
        pool,
        ...canaries,
        workers: cores,
        cores,
        known: undefined,
        now,
        decided: verdict.resolve,
      },
      signal,
    )
    const gpu = await verdict.promise
    return {
      cores,
      app: { id: app.id, version: app.version, creditPerItem: Number(course.itemCost) },
      // Whichever was measured with all cores at work.
      wasm: gpu.status === 'passed' && gpu.timed ? gpu.speeds.wasm : perWorker * cores,
      gpu,
      chosen: gpu.status === 'passed' ? chooseBackends(gpu.speeds) : 'wasm',
    }
  } finally {
    pool.close()
  }
}
