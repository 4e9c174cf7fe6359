import * as v from 'valibot'

/** A run of items, `start <= item < end`. */
export interface ItemRange {
  readonly start: number
  readonly end: number
}

/**
 * A set of items as sorted, disjoint, non-touching runs, flattened: `[start0, end0, start1, end1, ...]`, ends exclusive.
 * Every function here returns a new set; equal sets have equal arrays, so the form is canonical.
 */
export type IntervalSet = readonly number[]

export const emptySet: IntervalSet = []

/** What a stored or received interval set must look like; rejects anything not canonical. */
export const intervalSetSchema = v.pipe(
  v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  v.check((bounds) => bounds.length % 2 === 0, 'an interval set has as many ends as starts'),
  v.check(
    (bounds) => bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] as number)),
    'an interval set is sorted, disjoint and merged',
  ),
  v.readonly(),
)

export function setOf(...ranges: readonly ItemRange[]): IntervalSet {
  const sorted = ranges.filter((r) => r.start < r.end).toSorted((a, b) => a.start - b.start)
  const bounds: number[] = []
  for (const { start, end } of sorted) {
    const last = bounds.length - 1
    if (last > 0 && start <= (bounds[last] as number))
      bounds[last] = Math.max(bounds[last] as number, end)
    else bounds.push(start, end)
  }
  return bounds
}

export function rangesOf(set: IntervalSet): ItemRange[] {
  const ranges: ItemRange[] = []
  for (let i = 0; i < set.length; i += 2) {
    ranges.push({ start: set[i] as number, end: set[i + 1] as number })
  }
  return ranges
}

/** How many items are in the set. */
export function sizeOf(set: IntervalSet): number {
  let size = 0
  for (let i = 0; i < set.length; i += 2) size += (set[i + 1] as number) - (set[i] as number)
  return size
}

export function union(a: IntervalSet, b: IntervalSet): IntervalSet {
  return combine(a, b, (inA, inB) => inA || inB)
}

export function intersect(a: IntervalSet, b: IntervalSet): IntervalSet {
  return combine(a, b, (inA, inB) => inA && inB)
}

export function subtract(a: IntervalSet, b: IntervalSet): IntervalSet {
  return combine(a, b, (inA, inB) => inA && !inB)
}

/** The items of `0..itemCount-1` that are not in the set. */
export function complement(set: IntervalSet, itemCount: number): IntervalSet {
  return subtract(setOf({ start: 0, end: itemCount }), set)
}

/** Whether every item of the range is in the set. O(log n). */
export function covers(set: IntervalSet, range: ItemRange): boolean {
  if (range.start >= range.end) return true
  const i = runEndingAfter(set, range.start)
  return i < set.length && (set[i] as number) <= range.start && range.end <= (set[i + 1] as number)
}

/** Whether any item of the range is in the set. O(log n). */
export function meets(set: IntervalSet, range: ItemRange): boolean {
  if (range.start >= range.end) return false
  const i = runEndingAfter(set, range.start)
  return i < set.length && (set[i] as number) < range.end
}

/** Index of the first run whose end is past `item`; `set.length` if there is none. */
function runEndingAfter(set: IntervalSet, item: number): number {
  let low = 0
  let high = set.length / 2
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((set[2 * middle + 1] as number) > item) high = middle
    else low = middle + 1
  }
  return 2 * low
}

/** Sweeps both sets once, left to right; a bound is kept where membership of the result changes. */
function combine(
  a: IntervalSet,
  b: IntervalSet,
  keep: (inA: boolean, inB: boolean) => boolean,
): IntervalSet {
  const bounds: number[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const at = Math.min(a[i] ?? Infinity, b[j] ?? Infinity)
    if (a[i] === at) i++
    if (b[j] === at) j++
    if (keep(i % 2 === 1, j % 2 === 1) !== (bounds.length % 2 === 1)) bounds.push(at)
  }
  return bounds
}
