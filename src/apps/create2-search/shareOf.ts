import { chanceOf } from './chance.ts'
import { addressHex, type Pattern } from './pattern.ts'

/**
 * How rare what hosts look for is at least. A core finds one every few seconds, which is enough to compare with expectation, and the fastest
 * GPUs find fewer in a half-second slice than a report has room for.
 */
export const SHARE_CHANCE = 2 ** -24

/**
 * What hosts are given in place of the target: of all relaxations of it, one after another, the last that is still rare enough. Every address
 * that the target matches matches it, and no host can tell those from the others. Zero bytes are given up first, then the bits of the mask
 * from the last one on.
 *
 * A target that is not rare itself is met by floods of addresses: then hosts report those of them that have the most zero bytes.
 */
export function shareOf(target: Pattern): Pattern {
  let share = target
  while (chanceOf(share) > SHARE_CHANCE) share = { ...share, zeroBytes: share.zeroBytes + 1 }
  if (share !== target) return share
  for (let next = relaxed(share); next && chanceOf(next) <= SHARE_CHANCE; next = relaxed(share)) {
    share = next
  }
  return share
}

function relaxed(pattern: Pattern): Pattern | undefined {
  if (pattern.zeroBytes > 0) {
    const fewer = { ...pattern, zeroBytes: pattern.zeroBytes - 1 }
    if (chanceOf(fewer) <= SHARE_CHANCE) return fewer
  }
  const mask = BigInt(pattern.mask)
  if (mask === 0n) return undefined
  const kept = mask & (mask - 1n)
  return { ...pattern, mask: addressHex(kept), value: addressHex(BigInt(pattern.value) & kept) }
}
