import { expect, test } from 'vitest'
import { formatCores, formatCount, formatRate, formatShare } from './formatNumber.ts'

test('large counts keep every digit', () => {
  expect(formatCount(2n ** 80n)).toBe('1,208,925,819,614,629,174,706,176')
})

test('rates lose their decimal at a hundred', () => {
  expect([9.96, 99.94, 99.96, 1234.5].map(formatRate)).toEqual(['10.0', '99.9', '100', '1,235'])
})

test('cores and shares read as people say them', () => {
  expect([formatCores(2), formatCores(0.6), formatShare(0.492)]).toEqual(['2', '0.6', '49 %'])
})
