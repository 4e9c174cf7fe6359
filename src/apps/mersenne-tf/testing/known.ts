import { itemOf } from '../candidates.ts'
import type { Input } from '../input.ts'

/** Published factors f = 2kp+1 of 2^p - 1: [p, k, bit level]. */
export const KNOWN = [
  [11, 1n, 4],
  [11, 4n, 6],
  [23, 1n, 5],
  [23, 3880n, 17],
  [29, 4n, 7],
  [29, 19n, 10],
  [29, 36n, 11],
  [67, 1445580n, 27],
  [50804297, 1777608657747n, 67],
] as const

export function publishedItem([p, k, bits]: (typeof KNOWN)[number], blockLog2: number) {
  const made: Input = { exponent: p, bitLo: bits, bitHi: bits + 1, blockLog2 }
  const factor = 2n * k * BigInt(p) + 1n
  return {
    input: made,
    item: Number(itemOf(made, k)),
    output: { k: String(k), factor: String(factor) },
  }
}
