import { WeftError, type ErrorData } from '../protocol/errors.ts'
import type { KernelHash } from '../protocol/ids.ts'
import type { Executor, FetchKernel, Pace, Run, RunResult } from './executor.ts'

/** How a run ended. Expected failures cross as data, so that they can be rebuilt as the class they were. */
export type RunReply =
  | { readonly status: 'done'; readonly result: RunResult }
  | { readonly status: 'aborted' }
  | { readonly status: 'failed'; readonly error: ErrorData }

/** What a worker offers to the pool that owns it. It has one or more lanes, each of which runs one thing at a time. */
export interface RemoteExecutor {
  /** Hands over a kernel's bytes; they are checked when a run first needs them. */
  load(kernel: KernelHash, bytes: Uint8Array<ArrayBuffer>): void
  run(lane: number, run: Run): Promise<RunReply>
  /** From the next item or dispatch on, in every lane. */
  setPace(pace: Pace): void
  /** Ends the run in progress in a lane, if any, before its next item or dispatch. */
  abort(lane: number): void
}

/** @param makeExecutor makes the executor that runs what the pool sends */
export function remoteExecutor(
  makeExecutor: (fetchKernel: FetchKernel) => Executor,
): RemoteExecutor {
  const kernels = new Map<KernelHash, Uint8Array<ArrayBuffer>>()
  const running = new Map<number, AbortController>()
  const executor = makeExecutor(async (_backend, hash) => {
    const bytes = kernels.get(hash)
    if (bytes === undefined) throw new Error(`Kernel ${hash} was not handed to this worker.`)
    return bytes
  })
  let pace: Pace = { duty: 1, dispatchMs: 8 }

  return {
    load(kernel, bytes) {
      kernels.set(kernel, bytes)
    },
    async run(lane, run) {
      const current = new AbortController()
      running.set(lane, current)
      try {
        return { status: 'done', result: await executor.run(run, () => pace, current.signal) }
      } catch (error) {
        if (current.signal.aborted) return { status: 'aborted' }
        if (error instanceof WeftError) return { status: 'failed', error: error.toData() }
        throw error
      }
    },
    setPace(next) {
      pace = next
    },
    abort(lane) {
      running.get(lane)?.abort()
    },
  }
}
