import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shouldAsk, type AskingFacts } from './asking.ts'

const ready: AskingFacts = {
  canAsk: true,
  openTasks: 1,
  leftovers: 0,
  creditLeft: 1_900,
  speed: 1_000,
}

test('it asks when less than two seconds of work are left', () => {
  expect(shouldAsk(ready)).toBe(true)
  expect(shouldAsk({ ...ready, creditLeft: 2_100 })).toBe(false)
})

test('it asks with nothing left, whether or not any speed was measured', () => {
  expect(shouldAsk({ ...ready, creditLeft: 0, speed: 0 })).toBe(true)
  expect(shouldAsk({ ...ready, creditLeft: 1, speed: 0 })).toBe(false)
})

test('it never asks before it may, with two tasks open, or before old reports are delivered', () => {
  const facts = fc.record({
    openTasks: fc.nat(4),
    leftovers: fc.nat(2),
    creditLeft: fc.nat(10_000),
    speed: fc.nat(10_000),
    canAsk: fc.boolean(),
  })
  fc.assert(
    fc.property(facts, (some) => {
      if (!shouldAsk(some)) return
      expect(some.canAsk).toBe(true)
      expect(some.openTasks).toBeLessThan(2)
      expect(some.leftovers).toBe(0)
    }),
  )
})
