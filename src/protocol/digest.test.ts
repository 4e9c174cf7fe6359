import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDigests, digestFromBytes, digestToBytes, hashWords, sliceSeed } from './digest.ts'

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const u32 = fc.nat(0xffffffff)

describe('digests', () => {
  it('stay the same for ever: kernels and stored work depend on it', () => {
    expect(hashWords(0n, [])).toBe(0n)
    expect(hashWords(1n, [])).toMatchInlineSnapshot(`5112885902448206791n`)
    expect(hashWords(0x0123456789abcdefn, [1, 2, 3, 4, 5])).toMatchInlineSnapshot(
      `7073790357797309097n`,
    )
    expect(hashWords(2n ** 64n - 1n, [0xffffffff, 0, 0x80000000, 7, 0])).toMatchInlineSnapshot(
      `12355020928707411809n`,
    )
    expect(sliceSeed(42n, { start: 2 ** 40, log2: 5 })).toMatchInlineSnapshot(
      `13609163775604652882n`,
    )
  })

  it('differ whenever one word or the seed differs', () => {
    fc.assert(
      fc.property(
        u64,
        fc.array(u32, { minLength: 1, maxLength: 5 }),
        u32,
        fc.nat(4),
        (seed, words, other, at) => {
          const i = at % words.length
          fc.pre(words[i] !== other)
          expect(hashWords(seed, words.with(i, other))).not.toBe(hashWords(seed, words))
          expect(hashWords(seed ^ 1n, words)).not.toBe(hashWords(seed, words))
        },
      ),
    )
  })

  it('change about half of their bits for any one bit of input', () => {
    // Mean over 64 seed bits and 96 word bits of the share of flipped output bits; a good mixer gives 0.5.
    let flipped = 0
    let trials = 0
    const words = [0x243f6a88, 0x85a308d3, 0x13198a2e]
    const base = hashWords(0x9e3779b97f4a7c15n, words)
    for (let bit = 0; bit < 96; bit++) {
      const i = bit >> 5
      const changed = words.with(i, ((words[i] ?? 0) ^ (1 << (bit & 31))) >>> 0)
      flipped += popcount(base ^ hashWords(0x9e3779b97f4a7c15n, changed))
      trials++
    }
    for (let bit = 0n; bit < 64n; bit++) {
      flipped += popcount(base ^ hashWords(0x9e3779b97f4a7c15n ^ (1n << bit), words))
      trials++
    }
    expect(flipped / trials / 64).toBeGreaterThan(0.48)
    expect(flipped / trials / 64).toBeLessThan(0.52)
  })

  it('add up the same in any order', () => {
    fc.assert(
      fc.property(fc.array(u64, { maxLength: 20 }), (digests) => {
        const sum = digests.reduce(addDigests, 0n)
        expect(digests.toReversed().reduce(addDigests, 0n)).toBe(sum)
        expect(sum).toBe(
          BigInt.asUintN(
            64,
            digests.reduce((a, b) => a + b, 0n),
          ),
        )
      }),
    )
  })

  it('survive the wire', () => {
    fc.assert(
      fc.property(u64, (digest) => {
        expect(digestFromBytes(digestToBytes(digest))).toBe(digest)
      }),
    )
  })
})

function popcount(bits: bigint): number {
  return bits.toString(2).replaceAll('0', '').length
}
