import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkSteps } from './checkSteps.ts'
import { powerMod } from './powerMod.ts'

test('the bits are the exponent and the last residue is the power', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 32 - 1 }), fc.bigInt(2n, 1n << 80n), (p, f) => {
      const steps = checkSteps(p, f)
      expect(steps.map(({ bit }) => bit).join('')).toBe(p.toString(2))
      expect(steps.at(-1)?.residue).toBe(powerMod(2n, BigInt(p), f))
    }),
  )
})

test('M11 by 23, as one would write it by hand', () => {
  expect(checkSteps(11, 23n)).toEqual([
    { bit: 1, residue: 2n },
    { bit: 0, residue: 4n },
    { bit: 1, residue: 9n },
    { bit: 1, residue: 1n },
  ])
})
