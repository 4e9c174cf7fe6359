import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeWork, roundsOf, WORK_STRIDE } from './work.ts'

test('rounds cover a stretch once, in order, and none is larger than a round may be', () => {
  const stretches = fc.record({
    first: fc.bigInt(0n, 2n ** 62n),
    units: fc.integer({ min: 1, max: 5_000 }),
  })
  fc.assert(
    fc.property(stretches, fc.integer({ min: 1, max: 300 }), (stretch, unitsPerRound) => {
      let next = stretch.first
      for (const { first, units } of roundsOf(stretch, unitsPerRound)) {
        expect(first).toBe(next)
        expect(units).toBeGreaterThan(0)
        expect(units).toBeLessThanOrEqual(unitsPerRound)
        next += BigInt(units)
      }
      expect(next).toBe(stretch.first + BigInt(stretch.units))
    }),
  )
})

test('a round is told its first unit, seed, units and nonce, 64-bit numbers low word first', () => {
  const rounds = [
    { first: 1n, units: 5 },
    { first: 0x1_0000_0002n, units: 6 },
  ]
  const bytes = encodeWork(rounds, 0xaaaaaaaa_bbbbbbbbn, 0xffffffff)
  expect(bytes.length).toBe(2 * WORK_STRIDE)
  const second = new Uint32Array(bytes.buffer, WORK_STRIDE, 6)
  expect([...second]).toEqual([2, 1, 0xbbbbbbbb, 0xaaaaaaaa, 6, 0xffffffff])
})
