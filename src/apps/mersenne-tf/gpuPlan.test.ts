import fc from 'fast-check'
import { expect, test } from 'vitest'
import { candidateOf, blocksOf } from './candidates.ts'
import { gpuPlan } from './gpuPlan.ts'
import { inputSchema, type Input } from './input.ts'
import { nextPrime } from './primes.ts'
import * as v from 'valibot'

const inputs = fc
  .record({
    exponent: fc.oneof(fc.integer({ min: 3, max: 200 }), fc.integer({ min: 3, max: 2 ** 32 - 6 })),
    bitLo: fc.integer({ min: 0, max: 79 }),
    levels: fc.integer({ min: 1, max: 3 }),
    blockLog2: fc.integer({ min: 4, max: 26 }),
  })
  .map(({ exponent, bitLo, levels, blockLog2 }) => ({
    exponent: nextPrime(exponent),
    bitLo,
    bitHi: Math.min(80, bitLo + levels),
    blockLog2,
  }))
  .filter((input): input is Input => v.is(inputSchema, input))

const limbsOf = (input: Input) =>
  Number(/^test(\d)$/.exec(gpuPlan(input).round.at(-1)?.entryPoint ?? '')?.[1])

test('the chosen test is exact for every candidate of every item, past the range too', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { first, count } = blocksOf(input)
      const beyond = candidateOf(input.exponent, (first + count) << BigInt(input.blockLog2))
      expect(beyond <= 1n << BigInt(14 * limbsOf(input) - 3)).toBe(true)
    }),
  )
})

test('the smallest test that is exact is taken', () => {
  const level = (bitHi: number) =>
    limbsOf({ exponent: 100000007, bitLo: bitHi - 1, bitHi, blockLog2: 16 })
  expect([40, 52, 53, 66, 67, 80].map(level)).toEqual([4, 4, 5, 5, 6, 6])
})

test('units cut items evenly, each at most 2^18 values of k in one of two classes', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { unitsPerItem } = gpuPlan(input)
      expect(Math.log2(unitsPerItem) % 1).toBe(0)
      expect(unitsPerItem).toBeGreaterThanOrEqual(2)
      expect(2 ** (input.blockLog2 + 1) / unitsPerItem).toBeLessThanOrEqual(2 ** 18)
    }),
  )
})

test('the densest unit there is leaves its list of survivors room', () => {
  // p = 3 has the smallest candidates, 24j + 1 and 24j + 7; all that survive below 2^32 are primes.
  const end = 24 * 2 ** 16
  const composite = new Uint8Array(end)
  for (let q = 2; q * q < end; q++) {
    if (composite[q] === 0) for (let n = q * q; n < end; n += q) composite[n] = 1
  }
  const survivors = (first: number) => {
    let count = 0
    for (let f = first; f < end; f += 24) if (f > 1) count += 1 - (composite[f] ?? 1)
    return count
  }
  const { scratchBytes } = gpuPlan({ exponent: 3, bitLo: 3, bitHi: 30, blockLog2: 23 })
  for (const first of [1, 7]) expect(4 * survivors(first)).toBeLessThan(scratchBytes.perUnit)
})
