import type { Remote } from './comlink.ts'
import type { RemoteExecutor } from './remoteExecutor.ts'

/** One started worker, as a browser or Node brings it. */
export interface WorkerHandle {
  readonly remote: Remote<RemoteExecutor>
  /** Calls back when the worker is gone or broken; may call more than once, and after `terminate`. */
  onLost(lost: (why: string) => void): void
  /** Ends it at once, in the middle of an item if need be. */
  terminate(): void
}

export type SpawnWorker = () => WorkerHandle
