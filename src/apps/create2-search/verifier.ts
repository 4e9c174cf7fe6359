import type { Verifier } from '../app.ts'
import { chanceOf } from './chance.ts'
import { addressOf, messageOf, nonceOf, saltOf } from './create2.ts'
import { hexOf } from './hex.ts'
import type { Input, Output } from './input.ts'
import { matches } from './pattern.ts'

/** The certificate is one hash; the rest is that this salt was to be tried in these items at all. */
export const verifier: Verifier<Input, Output> = {
  check(input, range, { salt, address }) {
    const nonce = nonceOf(salt)
    if (salt !== saltOf(input, nonce)) {
      return fails(`the salt ${salt} does not begin with ${input.saltPrefix}`)
    }
    const item = (nonce >> BigInt(input.blockLog2)) - BigInt(input.firstBlock)
    if (item < BigInt(range.start) || item >= BigInt(range.end)) {
      return fails(`the salt belongs to item ${item}, not to ${range.start} to ${range.end - 1}`)
    }
    const computed = addressOf(messageOf(input, nonce))
    if (address !== hexOf(computed)) {
      return fails(`the salt ${salt} gives ${hexOf(computed)}, not ${address}`)
    }
    if (!matches(computed, input.share)) return fails(`${address} was not asked for`)
    return { status: 'holds' }
  },

  /** Addresses are as good as random: each salt is a hit by itself, with the same small chance. */
  expectedOutputs: ({ share, blockLog2 }) => 2 ** blockLog2 * chanceOf(share),
}

function fails(reason: string) {
  return { status: 'fails', reason } as const
}
