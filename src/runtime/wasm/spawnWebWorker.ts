import { webWorkerHandle } from '../webWorkerHandle.ts'
import type { WorkerHandle } from '../worker.ts'

/** Starts a browser worker that runs WASM kernels. */
export function spawnWebWorker(): WorkerHandle {
  return webWorkerHandle(
    new Worker(new URL('./executor.worker.ts', import.meta.url), { type: 'module', name: 'weft' }),
  )
}
