import { addDigests, hashWords } from '../../protocol/digest.ts'
import type { Reference } from '../app.ts'
import { blockOf, candidateOf, kRangeOf } from './candidates.ts'
import type { Input, Output } from './input.ts'
import { powerMod } from './powerMod.ts'
import { survives } from './survives.ts'

const word = (value: bigint, index: bigint) => Number((value >> (32n * index)) & 0xffff_ffffn)

/** The oracle. Every survivor of the block is tested and hashed; only hits are filtered to the workunit's range. */
export const reference: Reference<Input, Output> = {
  runItem(input, item, seed) {
    const { start, size } = blockOf(input, item)
    const range = kRangeOf(input)
    const outputs: Output[] = []
    let digest = 0n
    for (let k = start; k < start + size; k++) {
      const f = candidateOf(input.exponent, k)
      if (k === 0n || !survives(f)) continue
      const r = powerMod(2n, BigInt(input.exponent), f)
      const words = [word(k, 0n), word(k, 1n), word(r, 0n), word(r, 1n), word(r, 2n)]
      digest = addDigests(digest, hashWords(seed, words))
      if (r === 1n && range.first <= k && k <= range.last) {
        outputs.push({ k: String(k), factor: String(f) })
      }
    }
    return { digest, outputs }
  },
}
