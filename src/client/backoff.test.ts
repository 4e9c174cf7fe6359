import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

const unit = fc.double({ min: 0, max: 1, noNaN: true })

test('a wait is never shorter than half a second, nor longer than a minute', () => {
  fc.assert(
    fc.property(fc.nat(2_000), unit, (attempt, random) => {
      expect(backoffMs(attempt, random)).toBeGreaterThanOrEqual(500)
      expect(backoffMs(attempt, random)).toBeLessThanOrEqual(60_000)
    }),
  )
})

test('its bound doubles until it is a minute', () => {
  const bounds = [0, 1, 2, 3, 4, 5, 6, 7].map((attempt) => backoffMs(attempt, 1))
  expect(bounds).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
})

test('equal attempts spread over the whole span', () => {
  expect([0, 0.5, 1].map((random) => backoffMs(2, random))).toEqual([500, 2_250, 4_000])
})
