import { expect, test } from 'vitest'
import { verifier } from './verifier.ts'

const input = { exponent: 11, bitLo: 3, bitHi: 12, blockLog2: 4 }
const items = { start: 0, end: 12 }
const reasonOf = (...args: Parameters<typeof verifier.check>) => {
  const verdict = verifier.check(...args)
  return verdict.status === 'fails' ? verdict.reason : undefined
}

test('published factors hold', () => {
  expect(verifier.check(input, items, { k: '1', factor: '23' })).toEqual({ status: 'holds' })
  expect(verifier.check(input, items, { k: '4', factor: '89' })).toEqual({ status: 'holds' })
  const large = { exponent: 50804297, bitLo: 67, bitHi: 68, blockLog2: 40 - 14 }
  const k = 1777608657747n
  const factor = 2n * k * 50804297n + 1n
  const claim = { k: String(k), factor: String(factor) }
  expect(verifier.check(large, { start: 0, end: 50_000 }, claim)).toEqual({ status: 'holds' })
})

test('what does not divide, does not belong or was not asked for fails, and says why', () => {
  expect(reasonOf(input, items, { k: '8', factor: '177' })).toContain('survive')
  expect(reasonOf(input, items, { k: '9', factor: '199' })).toBe('2^11 is not 1 mod 199')
  expect(reasonOf(input, items, { k: '1', factor: '89' })).toContain('not 2kp+1')
  expect(reasonOf({ ...input, bitLo: 5 }, items, { k: '1', factor: '23' })).toContain('outside 2^5')
  expect(reasonOf({ ...input, bitHi: 6 }, items, { k: '4', factor: '89' })).toContain('to 2^6')
  expect(reasonOf(input, { start: 1, end: 2 }, { k: '4', factor: '89' })).toContain('item 0')
  // 23 * 89 divides 2^11 - 1, but no kernel may report it: the sieve strikes it.
  expect(reasonOf(input, items, { k: '93', factor: '2047' })).toContain('survive')
})
