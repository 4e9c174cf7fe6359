import type { Digest, Seed } from '../protocol/digest.ts'
import type { KernelHash } from '../protocol/ids.ts'
import type { GpuPlan } from './webgpu/plan.ts'

export type Backend = 'wasm' | 'webgpu'

/** What a kernel needs to know of a workunit. Runtimes know no app: inputs and outputs are the bytes that apps encode. */
export interface Job {
  /** Same key, same workunit: prepared state is kept between calls. */
  readonly key: string
  /** For messages. */
  readonly app: string
  readonly input: Uint8Array
  /** Every app has a WASM kernel: it runs everywhere. */
  readonly wasm: KernelHash
  /** Where the app has a WGSL kernel as well. */
  readonly webgpu?: { readonly kernel: KernelHash; readonly plan: GpuPlan }
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
  /** Time spent computing, pauses left out: of the thread, or of the GPU. */
  readonly busyMs: number
}

/** How hard an executor may work. */
export interface Pace {
  /** Above 0, up to 1: `t` ms of work call for `t * (1 - duty) / duty` of rest. */
  readonly duty: number
  /** How long one GPU submission may take, ms. What draws the screen waits behind it. */
  readonly dispatchMs: number
}

/**
 * Runs items on this device. `run` yields before every item or dispatch, and rests as the pace asks: the rest is taken before
 * the next item or dispatch, in this run or the next, so that a result never waits for the rest that follows it.
 */
export interface Executor {
  readonly backend: Backend
  /**
   * @throws KernelFailedError when the kernel refuses the input, traps, or does not do what it was told
   * @throws KernelMismatchError when the kernel's bytes do not have its hash
   * @throws GpuUnavailableError, GpuLostError on `webgpu`
   * @throws DOMException `AbortError` when the signal fires: what was computed of this run is dropped
   */
  run(run: Run, pace: () => Pace, signal: AbortSignal): Promise<RunResult>
  close(): void
}

/** Brings a kernel's bytes; the executor checks their hash before it runs them. */
export type FetchKernel = (backend: Backend, hash: KernelHash) => Promise<Uint8Array<ArrayBuffer>>
