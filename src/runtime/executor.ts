import type { Digest, Seed } from '../protocol/digest.ts'
import type { KernelHash } from '../protocol/ids.ts'

/** What a kernel needs to know of a workunit. Runtimes know no app: inputs and outputs are the bytes that apps encode. */
export interface Job {
  /** Same key, same workunit: prepared state is kept between calls. */
  readonly key: string
  /** For messages. */
  readonly app: string
  readonly kernel: KernelHash
  readonly input: Uint8Array
}

/** A run of items with one seed. Its digest is the wrapping sum over them, so runs of one slice may go to different workers. */
export interface Run {
  readonly job: Job
  readonly start: number
  readonly count: number
  readonly seed: Seed
}

export interface RunResult {
  readonly digest: Digest
  /** Output records as the kernel wrote them, in item order. */
  readonly outputs: readonly Uint8Array[]
  /** Time spent computing, pauses left out. */
  readonly busyMs: number
}

/**
 * Runs items on this device. One executor runs one thing at a time; a pool owns several.
 * `run` yields before every item and keeps the duty cycle: `t` ms of work call for `t * (1 - duty) / duty` of rest, which is
 * taken before the next item, in this run or the next, so that a result never waits for the rest that follows it.
 */
export interface Executor {
  readonly backend: 'wasm'
  /**
   * @throws KernelFailedError when the kernel refuses the input or traps
   * @throws DOMException `AbortError` when the signal fires: what was computed of this run is dropped
   */
  run(run: Run, duty: () => number, signal: AbortSignal): Promise<RunResult>
  close(): void
}

/** Brings a kernel's bytes; the executor checks their hash before it runs them. */
export type FetchKernel = (hash: KernelHash) => Promise<Uint8Array<ArrayBuffer>>
