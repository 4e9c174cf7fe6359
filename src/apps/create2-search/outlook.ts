import { chanceOf } from './chance.ts'
import { durationText } from './durationText.ts'
import { bytesOf } from './hex.ts'
import type { Input, Output } from './input.ts'
import { bytesText } from './patternText.ts'
import { chanceOfRank, rankOf } from './rank.ts'

/** The next rank above the best so far, or the first find, and how long that takes on average. */
export function outlook(input: Input, found: readonly Output[], itemsPerSecond: number): string {
  const { share, rank, blockLog2 } = input
  const saltsPerSecond = itemsPerSecond * 2 ** blockLog2
  const after = (chance: number) => durationText(1 / (chance * saltsPerSecond))
  if (found.length === 0) {
    return `The first find is expected here after ${after(chanceOf(share))} of searching`
  }
  const best = Math.max(...found.map(({ address }) => rankOf(bytesOf(address), rank)))
  const next = best + 1
  const chance = chanceOfRank(share, rank, next)
  if (chance === 0) return 'No address that is wanted here can be better than the best one found'
  const what = rank === 'leading' ? 'leading zero byte' : 'zero byte'
  return `The next rank, ${bytesText(next, what)}, is expected here after ${after(chance)} of searching`
}
