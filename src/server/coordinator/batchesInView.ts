import type { BatchId } from '../../protocol/ids.ts'
import type { BatchState, NewBatch } from '../stores/store.ts'
import type { OpenBatches } from './openBatches.ts'

export type KnownBatch = NewBatch & { readonly state: BatchState }

/** A batch that may have work; `drained` when nothing was left to claim. */
export type BatchInView = KnownBatch & { readonly drained: boolean }

/** Which batches may have work, as far as this coordinator knows, and when it worked on them last. */
export class BatchesInView {
  readonly #batches = new Map<BatchId, BatchInView>()
  /** Batches that may have work and that this build cannot compute. */
  readonly #foreign = new Set<BatchId>()
  /** When something of a batch was leased last, or claimed first, ms since the epoch. */
  readonly #workedAt = new Map<BatchId, number>()

  get(id: BatchId): BatchInView | undefined {
    return this.#batches.get(id)
  }

  isForeign(id: BatchId): boolean {
    return this.#foreign.has(id)
  }

  all(): readonly BatchInView[] {
    return [...this.#batches.values()]
  }

  /** Those that need not be read again to know them. */
  known(): ReadonlySet<BatchId> {
    return new Set([...this.#batches.keys(), ...this.#foreign])
  }

  open(batch: KnownBatch): void {
    this.#batches.set(batch.id, { ...batch, drained: false })
  }

  /** @param since as it was when the claim that found nothing more was made: opened again meanwhile, it may have more */
  drain(id: BatchId, since: BatchInView | undefined): void {
    const batch = this.#batches.get(id)
    if (batch !== undefined && batch === since) this.#batches.set(id, { ...batch, drained: true })
  }

  close(id: BatchId): void {
    this.#batches.delete(id)
    this.#workedAt.delete(id)
  }

  clear(): void {
    this.#batches.clear()
    this.#foreign.clear()
    this.#workedAt.clear()
  }

  /**
   * Takes in what the store holds now. Of batches that are still unfinished, claims are to be tried again: a claim of somebody else may
   * have run out.
   *
   * @param before those that were known when the store was asked
   * @returns those of them that are over
   */
  update({ unfinished, foreign }: OpenBatches, before: ReadonlySet<BatchId>): BatchId[] {
    for (const id of foreign) this.#foreign.add(id)
    const over: BatchId[] = []
    for (const id of before) {
      const batch = this.#batches.get(id)
      if (!unfinished.has(id)) {
        this.#foreign.delete(id)
        if (batch !== undefined) over.push(id)
      } else if (batch !== undefined) this.open(batch)
    }
    return over
  }

  /** It is being worked on here. */
  note(id: BatchId, now: number): void {
    this.#workedAt.set(id, now)
  }

  /** Something of it was claimed: from now on somebody here should work on it. */
  noteClaim(id: BatchId, now: number): void {
    if (!this.#workedAt.has(id)) this.#workedAt.set(id, now)
  }

  /** Whether nobody here has worked on it since. */
  isIdle(id: BatchId, since: number): boolean {
    return (this.#workedAt.get(id) ?? 0) <= since
  }
}
