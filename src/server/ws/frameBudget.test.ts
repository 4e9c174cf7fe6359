import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameBudget } from './frameBudget.ts'

test('whatever the rhythm, no more frames pass than the burst and the rate allow', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 2_000 }), { maxLength: 200 }),
      fc.integer({ min: 1, max: 50 }),
      (gaps, perSecond) => {
        const budget = new FrameBudget(perSecond, 0)
        let now = 0
        let passed = 0
        for (const gap of gaps) {
          now += gap
          if (budget.spend(now)) passed++
        }
        expect(passed).toBeLessThanOrEqual(5 * perSecond + (now / 1_000) * perSecond + 1e-6)
      },
    ),
  )
})

test('a host that keeps to the rate is never refused', () => {
  const budget = new FrameBudget(10, 0)
  for (let i = 0; i < 1_000; i++) expect(budget.spend(i * 101)).toBe(true)
})
