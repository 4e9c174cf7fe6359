import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UnitsOfRun } from './unitsOfRun.ts'

/** Enough to finish any run below. */
const oneByOne = Array.from({ length: 400 }, () => ({ most: 1, lost: false }))

test('however it is cut, and whatever is given back, each unit is done once', () => {
  const runs = fc.record({ start: fc.maxSafeNat(), count: fc.integer({ min: 0, max: 50 }) })
  const steps = fc.array(fc.record({ most: fc.integer({ min: 1, max: 40 }), lost: fc.boolean() }))
  fc.assert(
    fc.property(runs, fc.constantFrom(1, 2, 8), steps, (run, unitsPerItem, cuts) => {
      const units = new UnitsOfRun(run, unitsPerItem)
      const done: bigint[] = []
      for (const { most, lost } of [...cuts, ...oneByOne]) {
        const stretch = units.take(most)
        if (stretch === undefined) break
        expect(stretch.units).toBeLessThanOrEqual(most)
        if (lost) units.putBack(stretch)
        else {
          for (let i = 0; i < stretch.units; i++) done.push(stretch.first + BigInt(i))
          units.add(stretch.units, 1n, [])
        }
      }
      const first = BigInt(run.start) * BigInt(unitsPerItem)
      const all = Array.from({ length: run.count * unitsPerItem }, (_, i) => first + BigInt(i))
      expect(units.waiting).toBe(false)
      expect(() => units.result()).not.toThrow()
      expect(done.toSorted((a, b) => Number(a - b))).toEqual(all)
    }),
  )
})

test('what comes back is summed, and its outputs are in order wherever submissions began', () => {
  const units = new UnitsOfRun({ start: 0, count: 4 }, 1)
  units.add(3, 2n ** 64n - 1n, [new Uint8Array([9, 1]), new Uint8Array([3, 0])])
  units.worked(1.5)
  units.add(1, 3n, [new Uint8Array([200, 0])])
  units.worked(2)
  expect(units.result()).toEqual({
    digest: 2n,
    outputs: [new Uint8Array([3, 0]), new Uint8Array([200, 0]), new Uint8Array([9, 1])],
    busyMs: 3.5,
  })
})

test.each([0, 1, 7, 9])('there is no result of eight units when %i were added', (added) => {
  const units = new UnitsOfRun({ start: 5, count: 4 }, 2)
  units.take(8)
  units.add(added, 1n, [])
  expect(() => units.result()).toThrow(`Of 8 units of a run ${added} were added.`)
})
