import { Worker } from 'node:worker_threads'
import { wrap } from '../comlink.ts'
import { nodeEndpoint } from '../nodeEndpoint.ts'
import type { WorkerHandle } from '../worker.ts'
import type { RemoteExecutor } from '../remoteExecutor.ts'

/** Starts a Node worker thread that runs WASM kernels. */
export function spawnThread(): WorkerHandle {
  const thread = new Worker(new URL('./executorThread.node.ts', import.meta.url))
  return {
    remote: wrap<RemoteExecutor>(nodeEndpoint(thread)),
    onLost(lost) {
      thread.on('error', (error) => lost(error instanceof Error ? error.message : String(error)))
      thread.on('messageerror', () => lost('a message could not be read'))
      thread.on('exit', (code) => lost(`it exited with code ${code}`))
    },
    // Its promise only tells when the thread is gone; nothing here waits for that.
    terminate: () => void thread.terminate(),
  }
}
