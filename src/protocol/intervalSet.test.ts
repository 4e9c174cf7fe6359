import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  complement,
  covers,
  intersect,
  intervalSetSchema,
  meets,
  rangesOf,
  setOf,
  sizeOf,
  subtract,
  union,
  type IntervalSet,
  type ItemRange,
} from './intervalSet.ts'

const UNIVERSE = 64

const range = fc
  .tuple(fc.nat(UNIVERSE), fc.nat(UNIVERSE))
  .map(([a, b]): ItemRange => ({ start: Math.min(a, b), end: Math.max(a, b) }))
const set = fc.array(range, { maxLength: 8 }).map((ranges) => setOf(...ranges))

/** The same set, item by item: the oracle. */
function items(of: IntervalSet): Set<number> {
  return new Set(
    rangesOf(of).flatMap(({ start, end }) =>
      Array.from({ length: end - start }, (_, i) => start + i),
    ),
  )
}

describe('interval sets', () => {
  it('hold exactly the items of the ranges they were made of, in canonical form', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 8 }), (ranges) => {
        const made = setOf(...ranges)
        expect(v.is(intervalSetSchema, made)).toBe(true)
        const expected = new Set(ranges.flatMap((one) => [...items([one.start, one.end])]))
        expect(items(made)).toEqual(expected)
        expect(sizeOf(made)).toBe(expected.size)
      }),
    )
  })

  it('combine like sets of items do', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const [inA, inB] = [items(a), items(b)]
        expect(items(union(a, b))).toEqual(inA.union(inB))
        expect(items(intersect(a, b))).toEqual(inA.intersection(inB))
        expect(items(subtract(a, b))).toEqual(inA.difference(inB))
        for (const combined of [union(a, b), intersect(a, b), subtract(a, b)]) {
          expect(v.is(intervalSetSchema, combined)).toBe(true)
        }
      }),
    )
  })

  it('and their complement have nothing in common and leave nothing out', () => {
    fc.assert(
      fc.property(set, (a) => {
        const rest = complement(a, UNIVERSE)
        expect(intersect(a, rest)).toEqual([])
        expect(union(a, rest)).toEqual([0, UNIVERSE])
      }),
    )
  })

  it('cover a range when every item is in, and meet it when any is', () => {
    fc.assert(
      fc.property(set, range, (a, one) => {
        const wanted = [...items([one.start, one.end])]
        const inside = items(a)
        expect(covers(a, one)).toBe(wanted.every((item) => inside.has(item)))
        expect(meets(a, one)).toBe(wanted.some((item) => inside.has(item)))
      }),
    )
  })

  it.each([
    ['an odd number of bounds', [0]],
    ['an empty run', [3, 3]],
    ['runs out of order', [5, 6, 1, 2]],
    ['runs that touch', [1, 2, 2, 3]],
    ['a negative bound', [-1, 2]],
    ['half an item', [0, 1.5]],
  ])('are refused at the border with %s', (_, bounds) => {
    expect(v.is(intervalSetSchema, bounds)).toBe(false)
  })
})
