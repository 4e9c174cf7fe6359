import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Budget } from './budget.ts'

test('whatever the rhythm, no more pass than the burst and the rate allow', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 2_000 }), { maxLength: 200 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 300 }),
      (gaps, perSecond, burst) => {
        const budget = new Budget({ perSecond, burst }, 0)
        let now = 0
        let passed = 0
        for (const gap of gaps) {
          now += gap
          if (budget.spend(now)) passed++
        }
        expect(passed).toBeLessThanOrEqual(burst + (now / 1_000) * perSecond + 1e-6)
      },
    ),
  )
})

test('who keeps to the rate is never refused', () => {
  const budget = new Budget({ perSecond: 10, burst: 1 }, 0)
  for (let i = 0; i < 1_000; i++) expect(budget.spend(i * 101)).toBe(true)
})

test('a budget is full again when all that was spent has been earned', () => {
  const budget = new Budget({ perSecond: 2, burst: 4 }, 0)
  expect(budget.isFull(0)).toBe(true)
  budget.spend(0)
  expect(budget.isFull(400)).toBe(false)
  expect(budget.isFull(500)).toBe(true)
})
