/** What decides which k a workunit has. */
export interface Range {
  readonly exponent: number
  readonly bitLo: number
  readonly bitHi: number
  readonly blockLog2: number
}

/** f = 2kp + 1. */
export function candidateOf(exponent: number, k: bigint): bigint {
  return 2n * k * BigInt(exponent) + 1n
}

/** The first and last k >= 1 with 2^bitLo <= f < 2^bitHi; `first > last` when there is none. */
export function kRangeOf(range: Range): { first: bigint; last: bigint } {
  const twiceP = 2n * BigInt(range.exponent)
  const lowest = (1n << BigInt(range.bitLo)) - 1n
  const first = (lowest + twiceP - 1n) / twiceP
  const last = ((1n << BigInt(range.bitHi)) - 2n) / twiceP
  return { first: first < 1n ? 1n : first, last }
}

/** Items are the blocks of 2^blockLog2 values of k, counted from k = 0, that hold the first to the last k. */
export function blocksOf(range: Range): { first: bigint; count: bigint } {
  const { first, last } = kRangeOf(range)
  const shift = BigInt(range.blockLog2)
  return { first: first >> shift, count: (last >> shift) - (first >> shift) + 1n }
}

/** The first k of an item, and how many it has. */
export function blockOf(range: Range, item: number): { start: bigint; size: bigint } {
  const shift = BigInt(range.blockLog2)
  return { start: (blocksOf(range).first + BigInt(item)) << shift, size: 1n << shift }
}

/** @returns the item that holds k; may lie outside the workunit */
export function itemOf(range: Range, k: bigint): bigint {
  return (k >> BigInt(range.blockLog2)) - blocksOf(range).first
}
