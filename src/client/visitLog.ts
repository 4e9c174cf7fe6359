import type { Ack, TaskWorkunit } from '../protocol/messages.ts'
import type { Slice } from '../protocol/slice.ts'
import type { Find, Stitch } from './snapshot.ts'

const MOST_STITCHES = 512

type Standing = 'reported' | 'final' | 'refused'

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
    this.#setStitch(id, 'computed')
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
    const refused = new Set(ack.refused.map(([index]) => index))
    stitches.forEach((id, index) => this.#settle(id, refused.has(index) ? 'refused' : ack.state))
  }

  refused(stitches: readonly (number | undefined)[]): void {
    for (const id of stitches) this.#settle(id, 'refused')
  }

  #settle(id: number | undefined, state: Standing): void {
    if (id === undefined) return
    this.#setStitch(id, state)
    const finds = this.#findsOf.get(id)
    if (finds === undefined) return
    this.#findsOf.delete(id)
    this.finds = this.finds.map((find) => (finds.includes(find.id) ? { ...find, state } : find))
  }

  #setStitch(id: number, state: Stitch['state']): void {
    this.stitches = this.stitches.map((stitch) =>
      stitch.id === id ? { ...stitch, state } : stitch,
    )
  }
}
