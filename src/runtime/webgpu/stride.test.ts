import fc from 'fast-check'
import { expect, test } from 'vitest'
import { goalMs, Stride } from './stride.ts'

const GOAL = 8

test('a job of an unknown kernel begins with one unit, and at most doubles', () => {
  const stride = new Stride({}, 256)
  const taken = [1, 2, 3, 4, 5].map(() => {
    const units = stride.units(GOAL)
    stride.measured(units, 0.001 * units, GOAL)
    return units
  })
  expect(taken).toEqual([1, 2, 4, 8, 16])
})

test('three submissions of one size that end together still only double', () => {
  const stride = new Stride({}, 256)
  for (let i = 0; i < 3; i++) stride.measured(1, 0.001, GOAL)
  expect(stride.units(GOAL)).toBe(2)
})

test('a job of a known kernel begins with 1 to 2 ms, and never with more than one round', () => {
  const kernel = {}
  new Stride(kernel, 256).measured(1, 0.05, GOAL)
  expect(new Stride(kernel, 256).units(GOAL)).toBe(30)
  expect(new Stride(kernel, 16).units(GOAL)).toBe(16)
})

test('a submission that took too long shrinks the next in proportion, at once', () => {
  const stride = new Stride({}, 256)
  stride.measured(1, 0.1, GOAL)
  stride.measured(64, 6.4, GOAL)
  expect(stride.units(GOAL)).toBe(80)
  stride.measured(80, 80, GOAL)
  expect(stride.units(GOAL)).toBe(8)
  stride.measured(8, 0.8, GOAL)
  expect(stride.units(GOAL)).toBe(16)
})

test('a lower goal counts at once, a higher one is reached by doubling', () => {
  const stride = new Stride({}, 256)
  stride.measured(80, 8, GOAL)
  expect(stride.units(2)).toBe(20)
  expect(stride.units(50)).toBe(80)
  stride.measured(80, 8, 50)
  expect(stride.units(50)).toBe(160)
})

test('the short end of a run changes nothing, unless it took too long', () => {
  const stride = new Stride({}, 256)
  stride.measured(64, 6.4, GOAL)
  stride.measured(3, 3, GOAL)
  expect(stride.units(GOAL)).toBe(80)
  stride.measured(3, 12, GOAL)
  expect(stride.units(GOAL)).toBe(2)
})

test('outputs that found no room halve the units for good', () => {
  const stride = new Stride({}, 256)
  stride.measured(64, 0.64, GOAL)
  stride.crowded(64)
  stride.measured(32, 0.32, GOAL)
  expect(stride.units(GOAL)).toBe(32)
  stride.crowded(1)
  expect(stride.units(GOAL)).toBe(1)
})

test('a submission is planned for no more than 50 ms, for half of it after a loss, and for at least one unit', () => {
  expect(goalMs(8, 0)).toBe(8)
  expect(goalMs(1_000, 0)).toBe(50)
  expect(goalMs(1_000, 1)).toBe(25)
  const stride = new Stride({}, 256)
  stride.measured(1, 400, goalMs(50, 0))
  expect(stride.units(goalMs(50, 0))).toBe(1)
})

test('whatever was measured, the next submission is at most twice the largest one, and fits the goal by the last measurement', () => {
  const steps = fc.array(
    fc.record({
      msPerUnit: fc.double({ min: 0, max: 20, noNaN: true }),
      goal: fc.double({ min: 1, max: 50, noNaN: true }),
    }),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(steps, (measurements) => {
      const stride = new Stride({}, 256)
      let largest = 0.5
      for (const { msPerUnit, goal } of measurements) {
        const units = stride.units(goal)
        expect(units).toBeLessThanOrEqual(2 * largest)
        largest = Math.max(largest, units)
        stride.measured(units, units * msPerUnit, goal)
        expect(stride.units(goal) * msPerUnit).toBeLessThanOrEqual(
          Math.max(goal, msPerUnit) * 1.000_001,
        )
      }
    }),
  )
})
