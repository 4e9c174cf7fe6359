import { expect, test } from 'vitest'
import { splitPowers } from './splitPowers.ts'

test('powers are cut out and the minus after them becomes a sign', () => {
  expect(splitPowers('2^67 - 1 is divisible by 193707721')).toEqual([
    { text: '2', power: '67' },
    { text: '\u00a0−\u00a01 is divisible by 193707721' },
  ])
})

test('several powers and letters are set alike', () => {
  expect(splitPowers('2^p - 1 between 2^60 and 2^61')).toEqual([
    { text: '2', power: 'p' },
    { text: '\u00a0−\u00a01 between 2', power: '60' },
    { text: ' and 2', power: '61' },
    { text: '' },
  ])
})

test('a sentence without powers stays as it is', () => {
  expect(splitPowers('well-known - and plain')).toEqual([{ text: 'well-known - and plain' }])
})
