import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logPoissonTail } from './poisson.ts'

/** How far it is off, relative to what is right. */
const errorOf = (value: number, exact: number) => Math.abs((value - exact) / exact)

test('finding nothing has the probability e^-mean', () => {
  for (const mean of [1e-9, 0.1, 1, 20.72, 700, 1e9]) {
    expect(errorOf(logPoissonTail(mean, 0), -mean)).toBeLessThan(1e-15)
  }
})

test('nothing expected, nothing missed', () => {
  expect(logPoissonTail(0, 0)).toBe(0)
  expect(logPoissonTail(0, 5)).toBe(0)
})

/** Summed with 40 digits by mpmath, ln k! by its `loggamma`; where mpmath's own `gammainc` can answer, it says the same. */
const KNOWN: readonly (readonly [mean: number, found: number, logTail: number])[] = [
  [130, 80, -13.343671343393614],
  [20.5, 3, -13.080931716041391],
  [1_000, 1_000, -0.6764683150362067],
  [1_000, 1_300, -5.280526026820459e-20],
  [1e6, 994_000, -20.769713618641386],
  [1e6, 1e6, -0.6926153990082546],
  [123_456.789, 123_000, -2.3332410070078202],
  [1e9, 999_800_000, -22.78820904748504],
  [1e9, 1e9, -0.6931303598179368],
  [1e9, 1_000_100_000, -0.0007830926697110522],
  [1e9, 5e8, -153_426_419.960878],
  [1e-3, 0, -0.001],
  [1e-3, 2, -1.6654171666664883e-10],
]

test.each(KNOWN)(
  'with a mean of %d, at most %d are found with a known probability',
  (mean, found, logTail) => {
    expect(errorOf(logPoissonTail(mean, found), logTail)).toBeLessThan(1e-9)
  },
)

test('it is the sum of e^-mean mean^k / k!, for means small enough to add it up', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 60, noNaN: true }), fc.nat(90), (mean, found) => {
      let [term, sum] = [Math.exp(-mean), 0]
      for (let k = 0; k <= found; k++) {
        sum += term
        term *= mean / (k + 1)
      }
      // The sum itself ends near 1, where it knows its distance from it to 1e-15 at best.
      const off = Math.abs(Math.exp(logPoissonTail(mean, found)) - sum)
      expect(off).toBeLessThan(1e-13 * Math.min(1, sum) + 1e-300)
    }),
  )
})

test('more found is likelier, a higher mean less likely, whatever their size', () => {
  const mean = fc.double({ min: 1e-3, max: 1e7, noNaN: true })
  fc.assert(
    fc.property(mean, fc.double({ min: 0, max: 2, noNaN: true }), (expected, share) => {
      const found = Math.floor(expected * share)
      const tail = logPoissonTail(expected, found)
      expect(tail).toBeLessThanOrEqual(0)
      expect(logPoissonTail(expected, found + 1)).toBeGreaterThanOrEqual(tail)
      expect(logPoissonTail(expected * 1.01, found)).toBeLessThanOrEqual(tail)
    }),
    { numRuns: 300 },
  )
})
