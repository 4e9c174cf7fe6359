import fc from 'fast-check'
import type { Specimen } from '../../testing/specimen.ts'
import { blocksOf, kRangeOf } from '../candidates.ts'
import type { Input } from '../input.ts'
import { nextPrime } from '../primes.ts'
import { faults } from './faults.ts'
import { hard } from './hard.ts'
import { KNOWN, publishedItem } from './known.ts'

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

export const specimen: Specimen = {
  jobs,
  published: KNOWN.map((known) => {
    const { input: made, item, output } = publishedItem(known, 4)
    return { input: made, item, outputs: [output] }
  }),
  text: '# mine\nFactor=N/A,100000007,50,51\nFactor=0123456789ABCDEF0123456789ABCDEF,11,3,8\nFactor=12,3,8\n',
  hard,
  faults,
}
