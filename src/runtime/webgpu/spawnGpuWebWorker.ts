import { webWorkerHandle } from '../webWorkerHandle.ts'
import type { GpuWorkerHandle } from '../worker.ts'

/** Starts a browser worker that runs WGSL kernels. */
export function spawnGpuWebWorker(): GpuWorkerHandle {
  return webWorkerHandle(
    new Worker(new URL('./executor.worker.ts', import.meta.url), {
      type: 'module',
      name: 'weft-gpu',
    }),
  )
}
