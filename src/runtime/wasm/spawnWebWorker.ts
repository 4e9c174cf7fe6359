import { wrap } from '../comlink.ts'
import type { WorkerHandle } from '../worker.ts'
import type { RemoteExecutor } from '../remoteExecutor.ts'

/** Starts a browser worker that runs WASM kernels. */
export function spawnWebWorker(): WorkerHandle {
  const worker = new Worker(new URL('./executor.worker.ts', import.meta.url), {
    type: 'module',
    name: 'weft',
  })
  return {
    remote: wrap<RemoteExecutor>(worker),
    onLost(lost) {
      worker.addEventListener('error', (event) => lost(event.message || 'it could not be loaded'))
      worker.addEventListener('messageerror', () => lost('a message could not be read'))
    },
    terminate: () => worker.terminate(),
  }
}
