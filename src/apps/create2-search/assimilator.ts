import type { Assimilator } from '../app.ts'
import { bytesOf } from './hex.ts'
import type { Input, Output } from './input.ts'
import { matches } from './pattern.ts'
import { byRank } from './rank.ts'

/** What the requester was after, where that is known, the best address first. */
export const assimilator: Assimilator<Input, Output> = {
  fold({ target, rank }, outputs) {
    const each = new Map(Array.from(outputs, (output) => [output.salt + output.address, output]))
    const better = byRank(rank)
    return [...each.values()]
      .filter(({ address }) => target === undefined || matches(bytesOf(address), target))
      .toSorted((a, b) => better(a.address, b.address))
  },
}
