import { expect, test } from 'vitest'
import { twoSidedPoisson } from './poisson.ts'

test.each([
  // By the formula: 2 e^-3, 2 (1 + 3 + 4.5) e^-3, 2 (1 - (1 + 3 + 4.5 + 4.5 + 3.375) e^-3).
  [0, 3, 2 * Math.exp(-3)],
  [2, 3, 17 * Math.exp(-3)],
  [5, 3, 2 * (1 - 16.375 * Math.exp(-3))],
  [3, 3, 1],
])('%i where %f are expected', (count, mean, chance) => {
  expect(twoSidedPoisson(count, mean)).toBeCloseTo(Math.min(1, chance), 12)
})

test('far from small numbers it is what the normal law says', () => {
  // Two standard deviations, with the correction of a half for a whole number: 0.0455.
  expect(twoSidedPoisson(10_200, 10_000)).toBeGreaterThan(0.044)
  expect(twoSidedPoisson(10_200, 10_000)).toBeLessThan(0.048)
  expect(twoSidedPoisson(9_800, 10_000)).toBeGreaterThan(0.044)
  expect(twoSidedPoisson(9_800, 10_000)).toBeLessThan(0.048)
})

test('what never happens has no chance', () => {
  expect(twoSidedPoisson(0, 10_000)).toBe(0)
  expect(twoSidedPoisson(20_000, 10_000)).toBe(0)
})
