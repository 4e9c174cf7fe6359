import type { Verifier } from '../app.ts'
import { candidateOf, itemOf, kRangeOf } from './candidates.ts'
import type { Input, Output } from './input.ts'
import { powerMod } from './powerMod.ts'
import { survives } from './survives.ts'

/** The certificate is 2^p = 1 mod f; the rest is that this f was to be found in these items at all. */
export const verifier: Verifier<Input, Output> = {
  check(input, range, output) {
    const k = BigInt(output.k)
    const f = BigInt(output.factor)
    const wanted = kRangeOf(input)
    const item = itemOf(input, k)
    if (f !== candidateOf(input.exponent, k)) {
      return fails(`${f} is not 2kp+1 for k = ${k} and p = ${input.exponent}`)
    }
    if (k < wanted.first || k > wanted.last) {
      return fails(`${f} is outside 2^${input.bitLo} to 2^${input.bitHi}`)
    }
    if (item < BigInt(range.start) || item >= BigInt(range.end)) {
      return fails(`k = ${k} belongs to item ${item}, not to ${range.start} to ${range.end - 1}`)
    }
    if (!survives(f)) return fails(`${f} does not survive the sieve`)
    if (powerMod(2n, BigInt(input.exponent), f) !== 1n) {
      return fails(`2^${input.exponent} is not 1 mod ${f}`)
    }
    return { status: 'holds' }
  },
}

function fails(reason: string) {
  return { status: 'fails', reason } as const
}
