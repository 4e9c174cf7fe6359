import { WorkerLostError } from '../protocol/errors.ts'
import type { KernelHash } from '../protocol/ids.ts'
import type { Run } from './executor.ts'
import type { RunReply } from './remoteExecutor.ts'
import type { SpawnWorker } from './worker.ts'

/** A worker as the pool sees it: its loss is an error of what it was running, never a promise that stays open. */
export interface PoolWorker {
  /** @throws WorkerLostError when the worker crashes or is terminated meanwhile */
  run(run: Run, kernel: Uint8Array<ArrayBuffer>, duty: number): Promise<RunReply>
  setDuty(duty: number): void
  /** Asks it to end its run before the next item. */
  abort(): void
  terminate(): void
}

/** @throws WorkerLostError when it cannot be started */
export function startWorker(spawn: SpawnWorker): PoolWorker {
  const handle = spawnOrThrow(spawn)
  const loaded = new Set<KernelHash>()
  let dutyThere = 1
  const loss = Promise.withResolvers<never>()
  // Nobody may be running anything when it goes; whoever is, races against this.
  loss.promise.catch(() => undefined)
  const lose = (why: string): void => loss.reject(new WorkerLostError(why))
  handle.onLost(lose)

  /** Messages need no answer: if the worker is gone, its run says so. */
  const send = (message: Promise<void>): void => {
    message.catch((error: unknown) => lose(String(error)))
  }

  const worker: PoolWorker = {
    async run(run, kernel, duty) {
      worker.setDuty(duty)
      if (!loaded.has(run.job.wasm)) {
        loaded.add(run.job.wasm)
        send(handle.remote.load(run.job.wasm, kernel))
      }
      try {
        return await Promise.race([handle.remote.run(0, run), loss.promise])
      } catch (error) {
        if (error instanceof WorkerLostError) throw error
        throw new WorkerLostError(String(error), { cause: error })
      }
    },
    setDuty(duty) {
      if (duty === dutyThere) return
      dutyThere = duty
      send(handle.remote.setPace({ duty, dispatchMs: 8 }))
    },
    abort() {
      send(handle.remote.abort(0))
    },
    terminate() {
      handle.terminate()
      lose('it was terminated')
    },
  }
  return worker
}

function spawnOrThrow(spawn: SpawnWorker): ReturnType<SpawnWorker> {
  try {
    return spawn()
  } catch (cause) {
    throw new WorkerLostError('it could not be started', { cause })
  }
}
