import fc from 'fast-check'
import { expect, test } from 'vitest'
import { powerMod } from './powerMod.ts'

test('powerMod is the power, reduced', () => {
  const args = [fc.bigInt(0n, 1000n), fc.bigInt(0n, 200n), fc.bigInt(1n, 1n << 81n)] as const
  fc.assert(
    fc.property(...args, (base, exponent, modulus) => {
      expect(powerMod(base, exponent, modulus)).toBe(base ** exponent % modulus)
    }),
  )
})
