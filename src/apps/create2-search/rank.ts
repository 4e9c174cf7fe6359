import { both, leadingZeroBytesOf, leadingZeros, zeroBytesOf, type Pattern } from './pattern.ts'
import { chanceOf } from './chance.ts'
import { bytesOf } from './hex.ts'

/** What makes one address better than another: zero bytes at its beginning, or anywhere. The other one decides among equals. */
export type RankBy = 'leading' | 'total'

/** How many zero bytes count for it. */
export function rankOf(address: Uint8Array, by: RankBy): number {
  return by === 'leading' ? leadingZeroBytesOf(address) : zeroBytesOf(address)
}

/** Orders addresses, in hex, the best one first; among equals by number. */
export function byRank(by: RankBy): (a: string, b: string) => number {
  const other = by === 'leading' ? 'total' : 'leading'
  return (a, b) => {
    const [one, two] = [bytesOf(a), bytesOf(b)]
    return (
      rankOf(two, by) - rankOf(one, by) ||
      rankOf(two, other) - rankOf(one, other) ||
      (a < b ? -1 : a > b ? 1 : 0)
    )
  }
}

/** How likely a random address is to match the pattern and to have at least this rank. */
export function chanceOfRank(pattern: Pattern, by: RankBy, rank: number): number {
  if (rank > 20) return 0
  const better =
    by === 'leading'
      ? both(pattern, leadingZeros(rank))
      : { ...pattern, zeroBytes: Math.max(pattern.zeroBytes, rank) }
  return better === undefined ? 0 : chanceOf(better)
}
