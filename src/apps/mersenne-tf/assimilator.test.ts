import { expect, test } from 'vitest'
import { assimilator } from './assimilator.ts'

test('factors are sorted by size, not by spelling, and each comes once', () => {
  const input = { exponent: 29, bitLo: 3, bitHi: 12, blockLog2: 4 }
  const [a, b, c] = [
    { k: '4', factor: '233' },
    { k: '19', factor: '1103' },
    { k: '36', factor: '2089' },
  ] as const
  expect(assimilator.fold(input, [c, b, a, { ...b }])).toEqual([a, b, c])
  expect(assimilator.fold(input, [])).toEqual([])
})
