import fc from 'fast-check'
import { blocksOf, itemOf, kRangeOf } from '../../../src/apps/mersenne-tf/candidates.ts'
import type { Input } from '../../../src/apps/mersenne-tf/input.ts'
import { nextPrime } from '../../../src/apps/mersenne-tf/primes.ts'
import type { Specimen } from './specimen.ts'

/** Small exponents are as likely as large ones: there limbs, starts and the small-prime rule change within few items. */
const exponent = fc
  .integer({ min: 2, max: 31 })
  .chain((bits) => fc.integer({ min: 2 ** (bits - 1), max: 2 ** (bits + 1) - 6 }))
  .map(nextPrime)

const input = fc
  .record({
    exponent,
    bitLo: fc.integer({ min: 0, max: 79 }),
    levels: fc.integer({ min: 1, max: 6 }),
    blockLog2: fc.integer({ min: 4, max: 9 }),
  })
  .map(({ levels, ...rest }): Input => ({ ...rest, bitHi: Math.min(80, rest.bitLo + levels) }))
  .filter((made) => {
    const { first, last } = kRangeOf(made)
    return (
      first <= last && last < 1n << 63n && blocksOf(made).count <= BigInt(Number.MAX_SAFE_INTEGER)
    )
  })

/** The first and last item are drawn often. */
const jobs = input.chain((made) => {
  const last = Number(blocksOf(made).count) - 1
  const item = fc.oneof(fc.constantFrom(0, last), fc.integer({ min: 0, max: last }))
  return item.map((chosen) => ({ input: made, item: chosen }))
})

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

export const mersenneTfSpecimen: Specimen = {
  jobs,
  published: KNOWN.map((known) => {
    const { input: made, item, output } = publishedItem(known, 4)
    return { input: made, item, outputs: [output] }
  }),
  text: '# mine\nFactor=N/A,100000007,50,51\nFactor=12,3,8\n',
}
