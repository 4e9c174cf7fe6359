import { addDigests, type Digest, type Seed } from '../protocol/digest.ts'
import type { ItemRange } from '../protocol/intervalSet.ts'
import { sliceRange, type Slice } from '../protocol/slice.ts'
import type { Backend, Job, RunResult } from './executor.ts'

/** What one backend did of a slice. */
export interface Part {
  readonly items: number
  readonly busyMs: number
}

export interface SliceResult extends RunResult {
  /** Who did what. */
  readonly by: Readonly<Record<Backend, Part>>
}

/** One slice on its way through the pool: what nobody has taken yet, and the parts that came back. */
export class SliceRun {
  readonly job: Job
  readonly seed: Seed
  /** The backend it is meant for, whatever others do; undefined for all that are in use. */
  readonly only: Backend | undefined
  readonly result: Promise<SliceResult>
  readonly #settle: PromiseWithResolvers<SliceResult>
  readonly #untaken: ItemRange[]
  readonly #parts: { readonly start: number; readonly outputs: readonly Uint8Array[] }[] = []
  readonly #by: Record<Backend, Part> = {
    wasm: { items: 0, busyMs: 0 },
    webgpu: { items: 0, busyMs: 0 },
  }
  #digest: Digest = 0n
  #left: number
  #live = true

  constructor(job: Job, slice: Slice, seed: Seed, only?: Backend) {
    this.job = job
    this.seed = seed
    this.only = only
    this.#settle = Promise.withResolvers()
    this.result = this.#settle.promise
    this.#untaken = [sliceRange(slice)]
    this.#left = 2 ** slice.log2
  }

  /** Whether its result is still open. */
  get live(): boolean {
    return this.#live
  }

  /** Items that no lane has taken. */
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
  add(backend: Backend, range: ItemRange, result: RunResult): void {
    if (!this.#live) return
    const items = range.end - range.start
    const before = this.#by[backend]
    this.#by[backend] = {
      items: before.items + items,
      busyMs: before.busyMs + result.busyMs,
    }
    this.#digest = addDigests(this.#digest, result.digest)
    this.#parts.push({ start: range.start, outputs: result.outputs })
    this.#left -= items
    if (this.#left > 0) return
    this.#live = false
    const inOrder = this.#parts.toSorted((a, b) => a.start - b.start)
    this.#settle.resolve({
      digest: this.#digest,
      outputs: inOrder.flatMap((part) => part.outputs),
      busyMs: this.#by.wasm.busyMs + this.#by.webgpu.busyMs,
      by: this.#by,
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
