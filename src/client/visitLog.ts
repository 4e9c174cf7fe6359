import type { Ack, TaskWorkunit } from '../protocol/messages.ts'
import type { Slice } from '../protocol/slice.ts'
import type { DroppedBecause, Find, RefusedBecause, Stitch } from './snapshot.ts'

const MOST_STITCHES = 512

type Standing =
  | { readonly state: 'reported' | 'final' }
  | { readonly state: 'refused'; readonly why: RefusedBecause }

/** What this visit computed and found, as it is shown. Arrays are replaced at every change, never mutated. */
export class VisitLog {
  stitches: readonly Stitch[] = []
  finds: readonly Find[] = []
  #nextId = 0
  readonly #findsOf = new Map<number, readonly number[]>()

  /** A slice was begun. @returns its stitch */
  begin(workunit: TaskWorkunit, slice: Slice): number {
    const id = this.#nextId++
    const stitch: Stitch = { id, workunit, slice, state: 'computing' }
    this.stitches = [...this.stitches, stitch].slice(-MOST_STITCHES)
    return id
  }

  /** It is computed, and this was found in it. */
  computed(id: number, workunit: TaskWorkunit, outputs: readonly unknown[], foundAt: number): void {
    this.#changeStitch(id, { state: 'computed' })
    if (outputs.length === 0) return
    const finds = outputs.map((output): Find => {
      return { id: this.#nextId++, workunit, output, foundAt, state: 'computed' }
    })
    this.#findsOf.set(
      id,
      finds.map((find) => find.id),
    )
    this.finds = [...this.finds, ...finds]
  }

  /** It was not finished. */
  dropped(id: number): void {
    this.stitches = this.stitches.filter((stitch) => stitch.id !== id)
  }

  /** The coordinator has spoken about a report with these slices. */
  acknowledged(stitches: readonly (number | undefined)[], ack: Ack): void {
    const refused = new Map(ack.refused)
    stitches.forEach((id, index) => {
      const why = refused.get(index)
      this.#settle(id, why === undefined ? { state: ack.state } : { state: 'refused', why })
    })
  }

  /** They will never be part of a report that counts. */
  dropUnsent(stitches: readonly (number | undefined)[], why: DroppedBecause): void {
    for (const id of stitches) this.#settle(id, { state: 'refused', why })
  }

  #settle(id: number | undefined, standing: Standing): void {
    if (id === undefined) return
    this.#changeStitch(id, standing)
    const finds = this.#findsOf.get(id)
    if (finds === undefined) return
    this.#findsOf.delete(id)
    this.finds = this.finds.map((find) =>
      finds.includes(find.id) ? { ...find, ...standing } : find,
    )
  }

  #changeStitch(id: number, change: Pick<Stitch, 'state' | 'why'>): void {
    this.stitches = this.stitches.map((stitch) =>
      stitch.id === id ? { ...stitch, ...change } : stitch,
    )
  }
}
