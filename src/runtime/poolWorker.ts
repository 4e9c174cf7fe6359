import { GpuUnavailableError, WorkerLostError, type WeftError } from '../protocol/errors.ts'
import type { KernelHash } from '../protocol/ids.ts'
import type { Pace, Run, RunResult } from './executor.ts'
import type { Kernel } from './kernelShelf.ts'
import { rebuildError } from './rebuildError.ts'
import type { GpuOpening } from './webgpu/adapter.ts'
import { GPU_LANES } from './webgpu/lanes.ts'
import type { SpawnGpuWorker, SpawnWorker, WorkerHandle } from './worker.ts'

/** How a run ended. `lost`: its worker cannot be relied on any more. */
export type LaneOutcome =
  | { readonly status: 'done'; readonly result: RunResult }
  | { readonly status: 'aborted' }
  | { readonly status: 'failed'; readonly error: WeftError }
  | { readonly status: 'lost'; readonly error: WorkerLostError }

/** Where one run at a time goes. */
export interface Lane {
  readonly worker: PoolWorker
  /** Never rejects. */
  run(run: Run, kernel: Kernel, pace: Pace): Promise<LaneOutcome>
  /** Asks it to end its run before the next item or dispatch. */
  abort(): void
}

/** A worker as the pool sees it: its loss is the outcome of what it was running, never a promise that stays open. */
export interface PoolWorker {
  readonly lanes: readonly Lane[]
  setPace(pace: Pace): void
  terminate(): void
}

export interface GpuPoolWorker extends PoolWorker {
  /** @throws WorkerLostError when the worker crashes or is terminated meanwhile */
  open(): Promise<GpuOpening>
}

/** Starts a worker with one lane. @throws WorkerLostError when it cannot be started */
export function startWorker(spawn: SpawnWorker): PoolWorker {
  return poolWorker(orThrow(spawn), 1).worker
}

/**
 * Starts the GPU's worker, with its lanes.
 * @throws GpuUnavailableError when there is nothing that could start it
 * @throws WorkerLostError when it cannot be started
 */
export function startGpuWorker(spawn: SpawnGpuWorker | undefined): GpuPoolWorker {
  if (spawn === undefined) throw new GpuUnavailableError('no-webgpu', 'there is none here')
  const handle = orThrow(spawn)
  const { worker, orLost } = poolWorker(handle, GPU_LANES)
  return Object.assign(worker, { open: () => orLost(handle.remote.open()) })
}

function poolWorker(handle: WorkerHandle, laneCount: number) {
  const loaded = new Set<KernelHash>()
  let paceThere: Pace | undefined
  let loss: WorkerLostError | undefined
  // Not one promise that all race against: it would remember every answer for as long as the worker lives.
  const waiting = new Set<(loss: WorkerLostError) => void>()
  const lose = (why: string): void => {
    loss ??= new WorkerLostError(why)
    for (const reject of waiting) reject(loss)
    waiting.clear()
  }
  handle.onLost(lose)

  /** Messages need no answer: if the worker is gone, its runs say so. */
  const send = (message: Promise<void>): void => {
    message.catch((error: unknown) => lose(String(error)))
  }

  /** @throws WorkerLostError when the worker is lost first, or answers with an error */
  function orLost<P extends Promise<unknown>>(answer: P): Promise<Awaited<P>> {
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<P>>()
    if (loss === undefined) waiting.add(reject)
    else reject(loss)
    answer
      .then((value) => resolve(value as Awaited<P>))
      .catch((cause: unknown) => reject(new WorkerLostError(String(cause), { cause })))
      .finally(() => waiting.delete(reject))
    return promise
  }

  function load({ hash, bytes }: Kernel): void {
    if (loaded.has(hash)) return
    loaded.add(hash)
    send(handle.remote.load(hash, bytes))
  }

  const lane = (index: number): Lane => ({
    get worker() {
      return worker
    },
    async run(run, kernel, pace) {
      worker.setPace(pace)
      load(kernel)
      try {
        const reply = await orLost(handle.remote.run(index, run))
        return reply.status === 'failed'
          ? { status: 'failed', error: rebuildError(reply.error) }
          : reply
      } catch (error) {
        // It throws nothing else.
        return { status: 'lost', error: error as WorkerLostError }
      }
    },
    abort: () => send(handle.remote.abort(index)),
  })

  const worker: PoolWorker = {
    lanes: Array.from({ length: laneCount }, (_, index) => lane(index)),
    setPace(pace) {
      if (pace.duty === paceThere?.duty && pace.dispatchMs === paceThere.dispatchMs) return
      paceThere = pace
      send(handle.remote.setPace(pace))
    },
    terminate() {
      handle.terminate()
      lose('it was terminated')
    },
  }
  return { worker, orLost }
}

function orThrow<Handle>(spawn: () => Handle): Handle {
  try {
    return spawn()
  } catch (cause) {
    throw new WorkerLostError('it could not be started', { cause })
  }
}
