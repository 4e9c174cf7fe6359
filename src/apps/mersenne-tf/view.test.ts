import { expect, test } from 'vitest'
import { view } from './view.ts'

const input = { exponent: 29, bitLo: 3, bitHi: 12, blockLog2: 4 }

test('what is computed and what was found read as plain words', () => {
  expect(view.describe(input)).toBe('Looking for factors of 2^29 − 1 between 2^3 and 2^12')
  expect(view.tell(input, { k: '4', factor: '233' })).toBe('2^29 − 1 is divisible by 233')
})

test('a composite factor says that it is one', () => {
  const told = view.tell(input, { k: '4431', factor: String(233 * 1103) })
  expect(told).toBe('2^29 − 1 is divisible by 256999, a product of smaller factors')
})

test('each kind of batch has its label', () => {
  expect(view.label('practice')).toBe('practice: known factors')
  expect(view.label('frontier')).toBe('frontier: may already be listed somewhere')
  expect(view.label('request')).toBe('requested')
})

test('the check of a factor ends in 1 and holds', () => {
  const check = view.check?.(input, { k: '4', factor: '233' })
  expect(check?.steps.map(({ mark }) => mark).join('')).toBe((29).toString(2))
  expect(check?.steps.at(-1)?.value).toBe('1')
  expect(check?.holds).toBe(true)
  expect(check?.conclusion).toContain('2^29 leaves 1 on division by 233')
})

test('the check of anything else does not hold and says so', () => {
  const check = view.check?.(input, { k: '5', factor: '291' })
  expect(check?.holds).toBe(false)
  expect(check?.conclusion).toBe('2^29 − 1 is not divisible by 291')
  expect(view.check?.(input, { k: '5', factor: '233' }).holds).toBe(false)
})

test('the first fact is the factor itself', () => {
  expect(view.facts?.(input, { k: '4', factor: '233' })[0]?.value).toBe('233')
})
