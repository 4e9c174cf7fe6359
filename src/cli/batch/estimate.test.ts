import { expect, test } from 'vitest'
import { spell } from './estimate.ts'

test('times are told in the unit that fits', () => {
  expect([0, 1.2, 89, 90, 3_600, 5_400, 86_400, 172_800, 1e9].map(spell)).toEqual([
    '0 s',
    '2 s',
    '89 s',
    '2 min',
    '60 min',
    '2 h',
    '24 h',
    '2 days',
    '11574 days',
  ])
  expect(spell(null)).toMatch(/^not known/)
})
