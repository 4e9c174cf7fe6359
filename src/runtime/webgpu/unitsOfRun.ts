import { addDigests, type Digest } from '../../protocol/digest.ts'
import type { Run, RunResult } from '../executor.ts'
import { recordOrder } from './recordOrder.ts'
import type { Round } from './work.ts'

/** One run on its way through the GPU: the units that are still to be submitted, and what came back. Submissions may end in any order. */
export class UnitsOfRun {
  /** Stretches of units, `end` not among them. Numbers of units may pass 2^53. */
  readonly #left: { readonly first: bigint; readonly end: bigint }[]
  readonly #outputs: Uint8Array[] = []
  readonly #all: bigint
  #added = 0n
  #digest: Digest = 0n
  #busyMs = 0

  constructor({ start, count }: Pick<Run, 'start' | 'count'>, unitsPerItem: number) {
    const perItem = BigInt(unitsPerItem)
    const first = BigInt(start) * perItem
    this.#all = BigInt(count) * perItem
    this.#left = count > 0 ? [{ first, end: first + this.#all }] : []
  }

  /** Whether units wait to be submitted. */
  get waiting(): boolean {
    return this.#left.length > 0
  }

  /** Takes up to `most` units off the front; undefined when all are taken. */
  take(most: number): Round | undefined {
    const next = this.#left.shift()
    if (next === undefined) return undefined
    const { first, end } = next
    const units = end - first > BigInt(most) ? most : Number(end - first)
    const rest = first + BigInt(units)
    if (rest < end) this.#left.unshift({ first: rest, end })
    return { first, units }
  }

  /** Gives units back whose submission left nothing. */
  putBack({ first, units }: Round): void {
    this.#left.unshift({ first, end: first + BigInt(units) })
  }

  /** Takes note of GPU time, also of submissions that left nothing. */
  worked(ms: number): void {
    this.#busyMs += ms
  }

  /** Adds what a submission of so many units computed. */
  add(units: number, digest: Digest, outputs: readonly Uint8Array[]): void {
    this.#added += BigInt(units)
    this.#digest = addDigests(this.#digest, digest)
    for (const record of outputs) this.#outputs.push(record)
  }

  /** @throws Error unless exactly as many units were added as the run has */
  result(): RunResult {
    if (this.#added !== this.#all) {
      throw new Error(`Of ${this.#all} units of a run ${this.#added} were added.`)
    }
    const outputs = this.#outputs.toSorted(recordOrder)
    return { digest: this.#digest, outputs, busyMs: this.#busyMs }
  }
}
