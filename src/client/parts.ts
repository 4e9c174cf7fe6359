import type { AppId } from '../protocol/ids.ts'
import type { FetchKernel } from '../runtime/executor.ts'
import type { SpawnGpuWorker, SpawnWorker } from '../runtime/worker.ts'
import type { Apps } from './apps.ts'
import type { BackendPreference } from './gpuState.ts'
import type { Socket } from './socket.ts'
import type { ContributorStorage } from './storage.ts'

/** Everything the engine needs of the place it runs in. */
export interface ContributorParts {
  /** Opens a line to the coordinator. */
  readonly connect: () => Socket
  readonly fetchKernel: FetchKernel
  readonly spawnWorker: SpawnWorker
  /** Where there may be a GPU; not called before a visit has work, nor with the preference `wasm`. */
  readonly spawnGpuWorker?: SpawnGpuWorker
  readonly apps: Apps
  readonly cores: number
  /** 0.05 to 1. */
  readonly share: number
  readonly preference: BackendPreference
  /** Of which apps, by id; all of them without it. */
  readonly chosen?: readonly AppId[]
  /** Called once per start; what it returns is closed at the end of the visit. */
  readonly openStorage: () => Promise<ContributorStorage>
  /** Where several engines may run on one device, only the holder of this lock computes. */
  readonly lock?: DeviceLock
  /** 0 to 1; for jitter. */
  readonly random: () => number
  /** A monotonic clock, ms. */
  readonly now: () => number
  /** `Date.now()` */
  readonly wallClock: () => number
}

export interface DeviceLock {
  /**
   * Resolves when this engine may compute, with the function that lets others.
   * @param waiting called if another holds it now
   * @throws DOMException `AbortError` when the signal fires first
   */
  acquire(waiting: () => void, signal: AbortSignal): Promise<() => void>
}
