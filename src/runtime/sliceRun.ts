import { addDigests, type Digest, type Seed } from '../protocol/digest.ts'
import type { ItemRange } from '../protocol/intervalSet.ts'
import { sliceRange, type Slice } from '../protocol/slice.ts'
import type { Job, RunResult } from './executor.ts'

/** One slice on its way through the pool: what nobody has taken yet, and the parts that came back. */
export class SliceRun {
  readonly job: Job
  readonly seed: Seed
  /** The kernel's bytes, once they are there; until then no item can be taken. */
  kernel: Uint8Array<ArrayBuffer> | undefined
  readonly result: Promise<RunResult>
  readonly #settle: PromiseWithResolvers<RunResult>
  readonly #untaken: ItemRange[]
  readonly #parts: { readonly start: number; readonly outputs: readonly Uint8Array[] }[] = []
  #digest: Digest = 0n
  #busyMs = 0
  #left: number
  #live = true

  constructor(job: Job, slice: Slice, seed: Seed) {
    this.job = job
    this.seed = seed
    this.#settle = Promise.withResolvers()
    this.result = this.#settle.promise
    this.#untaken = [sliceRange(slice)]
    this.#left = 2 ** slice.log2
  }

  /** Whether its result is still open. */
  get live(): boolean {
    return this.#live
  }

  /** Items that no worker has taken. */
  get waiting(): number {
    return this.#untaken.reduce((sum, range) => sum + range.end - range.start, 0)
  }

  /** Takes up to `most` items off the front; undefined when all are taken. */
  take(most: number): ItemRange | undefined {
    const range = this.#untaken.shift()
    if (range === undefined) return undefined
    const end = Math.min(range.end, range.start + most)
    if (end < range.end) this.#untaken.unshift({ start: end, end: range.end })
    return { start: range.start, end }
  }

  /** Gives items back whose run ended early. */
  putBack(range: ItemRange): void {
    this.#untaken.unshift(range)
  }

  /** Adds the result of some taken items. */
  add(range: ItemRange, result: RunResult): void {
    if (!this.#live) return
    this.#digest = addDigests(this.#digest, result.digest)
    this.#busyMs += result.busyMs
    this.#parts.push({ start: range.start, outputs: result.outputs })
    this.#left -= range.end - range.start
    if (this.#left > 0) return
    this.#live = false
    const inOrder = this.#parts.toSorted((a, b) => a.start - b.start)
    this.#settle.resolve({
      digest: this.#digest,
      outputs: inOrder.flatMap((part) => part.outputs),
      busyMs: this.#busyMs,
    })
  }

  /** Ends it without a result. */
  fail(error: unknown): void {
    if (!this.#live) return
    this.#live = false
    this.#untaken.length = 0
    this.#settle.reject(error)
  }
}
