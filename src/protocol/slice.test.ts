import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSliceOf, sliceRange, slicesOf } from './slice.ts'

const range = fc
  .tuple(fc.nat(5_000), fc.nat(300))
  .map(([start, length]) => ({ start, end: start + length }))

describe('slices', () => {
  it('of a range are aligned, at most 2^max long, and make up the range in order', () => {
    fc.assert(
      fc.property(range, fc.nat(8), (whole, max) => {
        let at = whole.start
        for (const slice of slicesOf(whole, max)) {
          expect(slice.start).toBe(at)
          expect(slice.start % 2 ** slice.log2).toBe(0)
          expect(slice.log2).toBeLessThanOrEqual(max)
          at = sliceRange(slice).end
        }
        expect(at).toBe(whole.end)
      }),
    )
  })

  it('are recognised without listing them, and nothing else is', () => {
    fc.assert(
      fc.property(range, fc.nat(6), fc.nat(5_400), fc.nat(8), (whole, max, start, log2) => {
        const listed = slicesOf(whole, max)
        for (const slice of listed) expect(isSliceOf(slice, whole, max)).toBe(true)
        const near = { start: whole.start + (start % (whole.end - whole.start + 8)), log2 }
        const isListed = listed.some(
          (slice) => slice.start === near.start && slice.log2 === near.log2,
        )
        expect(isSliceOf(near, whole, max)).toBe(isListed)
      }),
      { numRuns: 500 },
    )
  })

  it('reach past 2^32 items', () => {
    const start = 2 ** 40
    expect(slicesOf({ start, end: start + 6 }, 2)).toEqual([
      { start, log2: 2 },
      { start: start + 4, log2: 1 },
    ])
  })
})
