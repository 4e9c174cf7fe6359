import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DutyCycle, restAfter } from './dutyCycle.ts'

const duties = fc.double({ min: 0.05, max: 1, noNaN: true })
const items = fc.array(fc.double({ min: 0.1, max: 500, noNaN: true }), {
  minLength: 1,
  maxLength: 50,
})

test('over any run of items, work and the rests it calls for stand in the ratio of the duty', () => {
  fc.assert(
    fc.property(duties, items, (duty, times) => {
      const cycle = new DutyCycle()
      let worked = 0
      let rested = 0
      for (const ms of times) {
        cycle.worked(ms)
        worked += ms
        const rest = cycle.owedMs(duty)
        cycle.rested(rest, duty)
        rested += rest
      }
      expect(rested).toBeCloseTo(restAfter(worked, duty), 4)
      expect(worked / (worked + rested)).toBeCloseTo(duty, 6)
    }),
  )
})

test('a timer that oversleeps a little is paid back by the next rest', () => {
  const cycle = new DutyCycle()
  cycle.worked(50)
  cycle.rested(cycle.owedMs(0.5) + 5, 0.5)
  cycle.worked(50)
  expect(cycle.owedMs(0.5)).toBeCloseTo(45)
})

test('an hour of sleep buys no burst of work', () => {
  const cycle = new DutyCycle()
  cycle.worked(50)
  cycle.rested(3_600_000, 0.5)
  cycle.worked(50)
  expect(cycle.owedMs(0.5)).toBeGreaterThanOrEqual(30)
})

test('a higher duty applies at once to the rest that is still owed', () => {
  const cycle = new DutyCycle()
  cycle.worked(50)
  expect(cycle.owedMs(0.05)).toBeCloseTo(950)
  expect(cycle.owedMs(0.5)).toBeCloseTo(50)
  expect(cycle.owedMs(1)).toBe(0)
})
