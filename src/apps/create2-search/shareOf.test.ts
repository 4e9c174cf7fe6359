import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chanceOf } from './chance.ts'
import { addressHex, both, leadingZeros, type Pattern } from './pattern.ts'
import { SHARE_CHANCE, shareOf } from './shareOf.ts'

const ANY: Pattern = { mask: addressHex(0n), value: addressHex(0n), zeroBytes: 0 }
const prefix = (digits: string): Pattern => ({
  mask: `0x${'f'.repeat(digits.length).padEnd(40, '0')}`,
  value: `0x${digits.padEnd(40, '0')}`,
  zeroBytes: 0,
})

const targets = fc
  .record({
    bits: fc.array(fc.bigInt(0n, 159n), { maxLength: 60 }),
    value: fc.bigInt(0n, 2n ** 160n - 1n),
    zeroBytes: fc.constantFrom(0, 0, 1, 2, 5, 9),
  })
  .map(({ bits, value, zeroBytes }): Pattern => {
    const mask = bits.reduce((all, bit) => all | (1n << bit), 0n)
    return { mask: addressHex(mask), value: addressHex(value & mask), zeroBytes }
  })
  .filter((target) => chanceOf(target) > 0)

test('shares are rare enough, whatever the target', () => {
  fc.assert(
    fc.property(targets, (target) => {
      const chance = chanceOf(shareOf(target))
      expect(chance).toBeGreaterThan(0)
      expect(chance).toBeLessThanOrEqual(SHARE_CHANCE)
    }),
  )
})

test('a rare target is part of its share: no winner is overlooked', () => {
  fc.assert(
    fc.property(targets, (target) => {
      fc.pre(chanceOf(target) <= SHARE_CHANCE)
      expect(both(target, shareOf(target))).toEqual(target)
    }),
  )
})

test('a common target contains its share: every share is a winner', () => {
  fc.assert(
    fc.property(targets, (target) => {
      fc.pre(chanceOf(target) > SHARE_CHANCE)
      const share = shareOf(target)
      expect(share).toEqual({ ...target, zeroBytes: share.zeroBytes })
      expect(share.zeroBytes).toBeGreaterThan(target.zeroBytes)
      expect(chanceOf({ ...share, zeroBytes: share.zeroBytes - 1 })).toBeGreaterThan(SHARE_CHANCE)
    }),
  )
})

test('hosts are told 24 bits of a mask, the first ones', () => {
  expect(shareOf(leadingZeros(6))).toEqual(leadingZeros(3))
  expect(shareOf(leadingZeros(3))).toEqual(leadingZeros(3))
  expect(shareOf(prefix('c0ffee123'))).toEqual(prefix('c0ffee'))
})

test('of many zero bytes hosts are told the fewest that are rare', () => {
  const share = shareOf({ ...ANY, zeroBytes: 9 })
  expect(share).toEqual({ ...ANY, zeroBytes: 5 })
  expect(-Math.log2(chanceOf(share))).toBeCloseTo(26.2, 1)
})

test('of a few bits, hosts report those addresses that have the most zero bytes', () => {
  const hookBits = { mask: addressHex(0x3fffn), value: addressHex(0x2400n), zeroBytes: 0 }
  // Its last byte is zero anyway: three of the other 18 must be.
  expect(shareOf(hookBits)).toEqual({ ...hookBits, zeroBytes: 4 })
})
