import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blockOf, blocksOf, candidateOf, itemOf, kRangeOf } from './candidates.ts'
import { isPrime, nextPrime } from './primes.ts'

const range = fc
  .record({
    exponent: fc.integer({ min: 2, max: 2 ** 32 - 6 }).map(nextPrime),
    bitLo: fc.integer({ min: 0, max: 79 }),
    levels: fc.integer({ min: 1, max: 80 }),
    blockLog2: fc.integer({ min: 4, max: 26 }),
  })
  .map(({ levels, ...rest }) => ({ ...rest, bitHi: Math.min(80, rest.bitLo + levels) }))

test('the range of k is exactly the range of f', () => {
  fc.assert(
    fc.property(range, (given) => {
      const { first, last } = kRangeOf(given)
      const within = (k: bigint) => {
        const f = candidateOf(given.exponent, k)
        return k >= 1n && f >= 1n << BigInt(given.bitLo) && f < 1n << BigInt(given.bitHi)
      }
      expect(within(first - 1n)).toBe(false)
      expect(within(last + 1n)).toBe(false)
      if (first <= last) expect(within(first) && within(last)).toBe(true)
    }),
  )
})

test('the blocks are aligned, hold every k of the range, and none is idle', () => {
  fc.assert(
    fc.property(range, (given) => {
      const { first, last } = kRangeOf(given)
      fc.pre(first <= last)
      const { count } = blocksOf(given)
      fc.pre(count <= BigInt(Number.MAX_SAFE_INTEGER))
      const head = blockOf(given, 0)
      const tail = blockOf(given, Number(count) - 1)
      expect(head.start % head.size).toBe(0n)
      expect(head.start <= first && first < head.start + head.size).toBe(true)
      expect(tail.start <= last && last < tail.start + tail.size).toBe(true)
      expect(itemOf(given, first)).toBe(0n)
      expect(itemOf(given, last)).toBe(count - 1n)
    }),
  )
})

test('a factor on either edge of a range belongs to one side only', () => {
  // 2^31 - 1 is the largest number below 2^31 and a factor of itself.
  const k = (2n ** 31n - 2n) / 62n
  expect(isPrime(candidateOf(31, k))).toBe(true)
  expect(kRangeOf({ exponent: 31, bitLo: 30, bitHi: 31, blockLog2: 4 }).last).toBe(k)
  expect(kRangeOf({ exponent: 31, bitLo: 31, bitHi: 32, blockLog2: 4 }).first).toBe(k + 1n)
})
