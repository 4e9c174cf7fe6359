import { WeftError, type ErrorData } from '../../protocol/errors.ts'
import type { KernelHash } from '../../protocol/ids.ts'
import type { Run, RunResult } from '../executor.ts'
import { wasmExecutor } from './executor.ts'

/** How a run ended. Expected failures cross as data, so that they can be rebuilt as the class they were. */
export type RunReply =
  | { readonly status: 'done'; readonly result: RunResult }
  | { readonly status: 'aborted' }
  | { readonly status: 'failed'; readonly error: ErrorData }

/** What a worker offers to the pool that owns it. One run at a time. */
export interface RemoteExecutor {
  /** Hands over a kernel's bytes; they are checked when a run first needs them. */
  load(kernel: KernelHash, bytes: Uint8Array<ArrayBuffer>): void
  run(run: Run): Promise<RunReply>
  /** From the next item on. */
  setDuty(duty: number): void
  /** Ends the run in progress, if any, before its next item. */
  abort(): void
}

export function remoteExecutor(yieldToEventLoop: () => Promise<void>): RemoteExecutor {
  const kernels = new Map<KernelHash, Uint8Array<ArrayBuffer>>()
  const executor = wasmExecutor({
    yieldToEventLoop,
    async fetchKernel(hash) {
      const bytes = kernels.get(hash)
      if (bytes === undefined) throw new Error(`Kernel ${hash} was not handed to this worker.`)
      return bytes
    },
  })
  let duty = 1
  let current = new AbortController()

  return {
    load(kernel, bytes) {
      kernels.set(kernel, bytes)
    },
    async run(run) {
      current = new AbortController()
      try {
        return { status: 'done', result: await executor.run(run, () => duty, current.signal) }
      } catch (error) {
        if (current.signal.aborted) return { status: 'aborted' }
        if (error instanceof WeftError) return { status: 'failed', error: error.toData() }
        throw error
      }
    },
    setDuty(next) {
      duty = next
    },
    abort() {
      current.abort()
    },
  }
}
