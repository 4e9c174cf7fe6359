import { expect, test } from 'vitest'
import { itemCost } from './itemCost.ts'
import { survives } from './survives.ts'

const input = { exponent: 100_000_007, bitLo: 74, bitHi: 75, blockLog2: 22 }

test('published costs stay what they are: a change needs a new app version', () => {
  expect(itemCost(input)).toBe(110n)
  expect(itemCost({ ...input, bitLo: 50, bitHi: 51 })).toBe(59n)
  expect(itemCost({ ...input, exponent: 4294967291 })).toBe(130n)
})

test('the smallest item costs one credit', () => {
  expect(itemCost({ ...input, blockLog2: 4 })).toBe(1n)
})

test('the expected number of survivors is what a stretch of candidates has', () => {
  let survivors = 0
  for (let k = 1_000_000_000_000n; k < 1_000_000_020_000n; k++) {
    if (survives(2n * k * 100_000_007n + 1n)) survivors++
  }
  expect(Math.abs(survivors / 20_000 - 53_072 / 2 ** 20)).toBeLessThan(0.006)
})
