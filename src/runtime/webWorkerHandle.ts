import { wrap } from './comlink.ts'
import type { RemoteExecutor } from './remoteExecutor.ts'
import type { WorkerHandle } from './worker.ts'

/** A browser's worker as the pool knows it. */
export function webWorkerHandle<R extends RemoteExecutor>(worker: Worker): WorkerHandle<R> {
  return {
    remote: wrap<R>(worker),
    onLost(lost) {
      worker.addEventListener('error', (event) => lost(event.message || 'it could not be loaded'))
      worker.addEventListener('messageerror', () => lost('a message could not be read'))
    },
    terminate: () => worker.terminate(),
  }
}
