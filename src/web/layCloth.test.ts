import * as fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import type { Stitch } from '../client/snapshot.ts'
import { taskWorkunitSchema, type TaskWorkunit } from '../protocol/messages.ts'
import { slicesOf } from '../protocol/slice.ts'
import { layCloth } from './layCloth.ts'

function workunit(position: number, itemCount: number): TaskWorkunit {
  return v.parse(taskWorkunitSchema, {
    id: `practice.${position}`,
    batch: 'practice',
    kind: 'practice',
    app: 'mersenne-tf',
    version: 1,
    input: {},
    itemCount,
    itemCost: '1',
  })
}

function stitchesOf(itemCounts: readonly number[], log2: number): Stitch[] {
  let id = 0
  return itemCounts.flatMap((itemCount, position) => {
    const unit = workunit(position, itemCount)
    return slicesOf({ start: 0, end: itemCount }, log2).map((slice): Stitch => ({
      id: id++,
      workunit: unit,
      slice,
      state: 'final',
    }))
  })
}

test('a short workunit keeps its slices at their place, each as wide as its share', () => {
  const stitches = stitchesOf([8], 2).toReversed()
  const { laid } = layCloth(stitches, 16, 10)
  expect(laid.map(({ line, column, span }) => [line, column, span])).toEqual([
    [0, 0, 8],
    [0, 8, 8],
  ])
})

test('a long workunit packs its slices one thread each and goes on in the next line', () => {
  const { laid, lines } = layCloth(stitchesOf([106], 3), 5, 10)
  expect(laid).toHaveLength(14)
  expect(lines).toBe(3)
  expect(laid.every(({ span }) => span === 1)).toBe(true)
})

test('small slices at the end of a workunit keep one thread each', () => {
  const { laid, lines } = layCloth(stitchesOf([86], 4), 10, 10)
  expect(lines).toBe(1)
  expect(laid.map(({ column, span }) => [column, span])).toEqual([
    [0, 1],
    [1, 2],
    [3, 2],
    [5, 2],
    [7, 1],
    [8, 1],
    [9, 1],
  ])
})

test('the latest lines are kept', () => {
  const stitches = stitchesOf([4, 4, 4], 2)
  const { laid, lines, workunits } = layCloth(stitches, 8, 2)
  expect(laid.map(({ stitch, line }) => [stitch.workunit.id, line])).toEqual([
    ['practice.1', 0],
    ['practice.2', 1],
  ])
  expect({ lines, workunits }).toEqual({ lines: 2, workunits: 3 })
})

test('a slice that was leased twice is one stitch in its later state', () => {
  const [first] = stitchesOf([1], 0)
  if (!first) throw new Error('a workunit of one item has one slice')
  const { laid } = layCloth(
    [
      { ...first, state: 'refused' },
      { ...first, id: 9 },
    ],
    8,
    2,
  )
  expect(laid.map(({ stitch }) => stitch.state)).toEqual(['final'])
})

test('no two stitches ever share a crossing, and none leaves the loom', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 8 }),
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 4, max: 80 }),
      fc.integer({ min: 1, max: 30 }),
      (itemCounts, log2, columns, lines) => {
        const cloth = layCloth(stitchesOf(itemCounts, log2), columns, lines)
        const taken = new Set<string>()
        for (const { line, column, span } of cloth.laid) {
          expect(span).toBeGreaterThanOrEqual(1)
          expect(column + span).toBeLessThanOrEqual(columns)
          expect(line).toBeGreaterThanOrEqual(0)
          expect(line).toBeLessThan(Math.min(lines, cloth.lines))
          for (let at = column; at < column + span; at++) {
            expect(taken.has(`${line}/${at}`)).toBe(false)
            taken.add(`${line}/${at}`)
          }
        }
      },
    ),
  )
})

test('a loom that is tall enough shows every slice once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 8 }),
      fc.integer({ min: 4, max: 80 }),
      (itemCounts, columns) => {
        const stitches = stitchesOf(itemCounts, 1)
        const { laid } = layCloth(stitches, columns, 1_000)
        expect(laid.map(({ stitch }) => stitch.id)).toEqual(stitches.map(({ id }) => id))
      },
    ),
  )
})
