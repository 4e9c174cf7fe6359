import type { Remote } from './comlink.ts'
import type { RemoteExecutor } from './remoteExecutor.ts'
import type { RemoteGpuExecutor } from './webgpu/remoteGpuExecutor.ts'

/** One started worker, as a browser or Node brings it. */
export interface WorkerHandle<R extends RemoteExecutor = RemoteExecutor> {
  readonly remote: Remote<R>
  /** Calls back when the worker is gone or broken; may call more than once, and after `terminate`. */
  onLost(lost: (why: string) => void): void
  /** Ends it at once, in the middle of an item if need be. */
  terminate(): void
}

export type SpawnWorker = () => WorkerHandle

/** One started GPU worker; it takes `GPU_LANES` runs at once. */
export type GpuWorkerHandle = WorkerHandle<RemoteGpuExecutor>

export type SpawnGpuWorker = () => GpuWorkerHandle
