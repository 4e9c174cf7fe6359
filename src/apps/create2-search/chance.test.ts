import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chanceOf } from './chance.ts'
import { keccak256 } from './keccak256.ts'
import { addressHex, both, leadingZeros, matches, type Pattern } from './pattern.ts'
import { chanceOfRank } from './rank.ts'

const ANY: Pattern = { mask: addressHex(0n), value: addressHex(0n), zeroBytes: 0 }

const patterns = fc
  .record({
    mask: fc.bigInt(0n, 2n ** 160n - 1n),
    value: fc.bigInt(0n, 2n ** 160n - 1n),
    zeroBytes: fc.integer({ min: 0, max: 20 }),
  })
  .map(({ mask, value, zeroBytes }) => ({
    mask: addressHex(mask),
    value: addressHex(mask & value),
    zeroBytes,
  }))

function choose(n: number, k: number): number {
  let result = 1
  for (let i = 0; i < k; i++) result = (result * (n - i)) / (i + 1)
  return result
}

test('every address matches the pattern of any', () => {
  expect(chanceOf(ANY)).toBeCloseTo(1, 12)
})

test('a mask of m bits is met once in 2^m', () => {
  expect(chanceOf(leadingZeros(3))).toBe(2 ** -24)
  fc.assert(
    fc.property(patterns, (pattern) => {
      const bits = BigInt(pattern.mask).toString(2).replaceAll('0', '').length
      expect(chanceOf({ ...pattern, zeroBytes: 0 }) / 2 ** -bits).toBeCloseTo(1, 9)
    }),
  )
})

test.each([1, 2, 4, 6, 20])('%i zero bytes come as the binomial distribution says', (least) => {
  let expected = 0
  for (let k = least; k <= 20; k++) {
    expected += choose(20, k) * (1 / 256) ** k * (255 / 256) ** (20 - k)
  }
  expect(chanceOf({ ...ANY, zeroBytes: least }) / expected).toBeCloseTo(1, 9)
})

test('a byte that the mask makes zero counts, one that it keeps from zero does not', () => {
  const first = leadingZeros(1)
  expect(256 * chanceOf({ ...first, zeroBytes: 1 })).toBeCloseTo(1, 12)
  const full = { mask: `0x${'01'.repeat(20)}`, value: `0x${'01'.repeat(20)}`, zeroBytes: 1 }
  expect(chanceOf(full)).toBe(0)
})

test('asking for more is never more likely', () => {
  fc.assert(
    fc.property(patterns, patterns, (one, other) => {
      const merged = both(one, other)
      fc.pre(merged !== undefined)
      expect(chanceOf(merged ?? ANY)).toBeLessThanOrEqual(chanceOf(one) * (1 + 1e-9))
    }),
  )
})

test('hashes match as often as they should', () => {
  // 2^15 fixed messages: the same counts in every run; five deviations from the mean are allowed.
  const loose: Pattern[] = [
    { mask: `0x0f${'00'.repeat(19)}`, value: `0x03${'00'.repeat(19)}`, zeroBytes: 0 },
    { ...ANY, zeroBytes: 1 },
    { mask: `0x${'00'.repeat(19)}f0`, value: addressHex(0n), zeroBytes: 1 },
    { mask: `0x${'00'.repeat(19)}f1`, value: `0x${'00'.repeat(19)}11`, zeroBytes: 1 },
  ]
  const counts = loose.map(() => 0)
  const tries = 2 ** 15
  for (let i = 0; i < tries; i++) {
    const address = keccak256(new TextEncoder().encode(`message ${i}`)).subarray(12)
    for (const [k, pattern] of loose.entries()) {
      if (matches(address, pattern)) counts[k] = (counts[k] ?? 0) + 1
    }
  }
  for (const [k, pattern] of loose.entries()) {
    const mean = tries * chanceOf(pattern)
    expect(Math.abs((counts[k] ?? 0) - mean)).toBeLessThan(5 * Math.sqrt(mean))
  }
})

test('the chance of a rank falls with it, and is the whole one for the least', () => {
  const share = leadingZeros(3)
  expect([3, 4, 5].map((rank) => chanceOfRank(share, 'leading', rank))).toEqual(
    [24, 32, 40].map((bits) => 2 ** -bits),
  )
  expect(chanceOfRank(share, 'total', 3)).toBe(2 ** -24)
  expect(chanceOfRank(share, 'total', 4) / 2 ** -24).toBeCloseTo(1 - (255 / 256) ** 17, 9)
  expect(chanceOfRank(share, 'total', 21)).toBe(0)
  const odd = { ...ANY, mask: addressHex(1n << 159n), value: addressHex(1n << 159n) }
  expect(chanceOfRank(odd, 'leading', 1)).toBe(0)
})
