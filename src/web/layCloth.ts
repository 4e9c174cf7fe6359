import { sliceRange } from '../protocol/slice.ts'
import type { Stitch } from '../client/snapshot.ts'

/** A stitch on the loom: line from the top, warp threads `column .. column + span - 1`. */
export interface LaidStitch {
  readonly stitch: Stitch
  readonly line: number
  readonly column: number
  readonly span: number
}

export interface Cloth {
  readonly laid: readonly LaidStitch[]
  /** Lines in use, at most as many as there are. */
  readonly lines: number
  /** Workunits with at least one stitch, shown or scrolled away. */
  readonly workunits: number
}

/**
 * Lays stitches on a loom of `columns` warp threads and `lines` lines: one row for each workunit in the order in which it was
 * begun, in it one stitch for each slice in the order of its items. Where a workunit's slices fit side by side, each keeps its place and is as
 * wide as its share, one thread at least; where they do not, they are packed, one thread each, and go on in the next line.
 * The latest lines are kept.
 */
export function layCloth(stitches: readonly Stitch[], columns: number, lines: number): Cloth {
  const rows = new Map<string, Map<number, Stitch>>()
  for (const stitch of stitches) {
    const row = rows.get(stitch.workunit.id) ?? new Map<number, Stitch>()
    // A slice leased twice in one visit is one stitch: the later state is the true one.
    row.set(stitch.slice.start, stitch)
    rows.set(stitch.workunit.id, row)
  }

  const laid: LaidStitch[] = []
  let line = 0
  for (const row of rows.values()) {
    const sorted = [...row.values()].toSorted((a, b) => a.slice.start - b.slice.start)
    if (fitsOneLine(sorted, columns)) {
      laid.push(...placeByShare(sorted, columns).map((place) => ({ ...place, line })))
      line += 1
    } else {
      for (const [i, stitch] of sorted.entries()) {
        laid.push({ stitch, line: line + Math.floor(i / columns), column: i % columns, span: 1 })
      }
      line += Math.ceil(sorted.length / columns)
    }
  }

  const scrolled = Math.max(0, line - lines)
  return {
    laid: laid
      .filter((place) => place.line >= scrolled)
      .map((place) => ({ ...place, line: place.line - scrolled })),
    lines: line - scrolled,
    workunits: rows.size,
  }
}

/** Judged by the largest slice: a workunit begins and ends with small ones, and they need one thread each. */
function fitsOneLine(sorted: readonly Stitch[], columns: number): boolean {
  const itemCount = sorted[0]?.workunit.itemCount ?? 0
  const largest = 2 ** Math.max(...sorted.map(({ slice }) => slice.log2))
  return sorted.length <= columns && itemCount / largest <= columns
}

function placeByShare(
  sorted: readonly Stitch[],
  columns: number,
): { stitch: Stitch; column: number; span: number }[] {
  let taken = 0
  return sorted.map((stitch, i) => {
    const { start, end } = sliceRange(stitch.slice)
    const threads = columns / stitch.workunit.itemCount
    // Every stitch still to come keeps one thread.
    const free = columns - (sorted.length - i - 1)
    const column = clamp(Math.floor(start * threads), taken, free - 1)
    taken = clamp(Math.floor(end * threads), column + 1, free)
    return { stitch, column, span: taken - column }
  })
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
