import type { ItemRange } from './intervalSet.ts'

/** An aligned run of `2^log2` items: `start` is a multiple of `2^log2`. The unit of report, digest and audit. */
export interface Slice {
  readonly start: number
  readonly log2: number
}

/** No slice is longer than 2^30 items. */
export const MAX_SLICE_LOG2 = 30

export function sliceRange(slice: Slice): ItemRange {
  return { start: slice.start, end: slice.start + 2 ** slice.log2 }
}

/**
 * Cuts a range into the fewest aligned slices of at most `2^maxLog2` items, in order.
 * The cut is canonical: both sides of a lease compute it instead of sending it.
 */
export function slicesOf(range: ItemRange, maxLog2: number): Slice[] {
  const slices: Slice[] = []
  let start = range.start
  while (start < range.end) {
    let log2 = Math.min(maxLog2, MAX_SLICE_LOG2)
    while (start % 2 ** log2 !== 0 || start + 2 ** log2 > range.end) log2--
    slices.push({ start, log2 })
    start += 2 ** log2
  }
  return slices
}

/** Whether `slice` is one of `slicesOf(range, maxLog2)`, without listing them. */
export function isSliceOf(slice: Slice, range: ItemRange, maxLog2: number): boolean {
  const { start, end } = sliceRange(slice)
  if (slice.log2 > maxLog2 || start % 2 ** slice.log2 !== 0) return false
  if (start < range.start || end > range.end) return false
  if (slice.log2 === maxLog2) return true
  // Maximal: the aligned run twice as long that holds it sticks out of the range.
  const twice = 2 ** (slice.log2 + 1)
  const wider = start - (start % twice)
  return wider < range.start || wider + twice > range.end
}
