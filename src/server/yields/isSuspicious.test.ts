import { expect, test } from 'vitest'
import { seededRandom } from '../../../tests/seededRandom.ts'
import { isSuspicious } from './isSuspicious.ts'
import { logPoissonTail } from './poisson.ts'

const random = seededRandom('yields')

/** A Poisson number by multiplying uniform ones: D. Knuth, The Art of Computer Programming, volume 2, 3.4.1. */
function poisson(mean: number): number {
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = random(); product > limit; product *= random()) count++
  return count
}

test('whoever expects less than 20.7 is never suspected, and who finds nothing of 20.8 is', () => {
  expect(isSuspicious(0, 0)).toBe(false)
  expect(isSuspicious(20.7, 0)).toBe(false)
  expect(isSuspicious(20.8, 0)).toBe(true)
  expect(isSuspicious(20.8, 1)).toBe(false)
  expect(isSuspicious(1e6, 1e6)).toBe(false)
  expect(isSuspicious(1e6, 994_000)).toBe(true)
})

test('of 2,000 honest hosts none is ever suspected, though each is looked at after each of 500 reports', () => {
  let lowest = 0
  let suspected = 0
  for (let host = 0; host < 2_000; host++) {
    const perReport = 0.25 + 4 * random()
    let [expected, found] = [0, 0]
    for (let report = 0; report < 500; report++) {
      expected += perReport
      found += poisson(perReport)
      if (isSuspicious(expected, found)) suspected++
      if (found < expected) lowest = Math.min(lowest, logPoissonTail(expected, found))
    }
  }
  console.log(
    `the unlikeliest of 1,000,000 looks had a probability of ${Math.exp(lowest).toExponential(1)}`,
  )
  expect(suspected).toBe(0)
})

test.each([
  [1, 20, 23],
  [1 / 2, 95, 150],
  [1 / 4, 380, 620],
  [1 / 10, 2_400, 4_200],
])(
  'a host that hides %d of what it finds is suspected after some time',
  (hidden, atLeast, atMost) => {
    const times: number[] = []
    for (let host = 0; host < 200; host++) {
      let [expected, found] = [0, 0]
      while (!isSuspicious(expected, found)) {
        expected += 2
        found += poisson(2 * (1 - hidden))
      }
      times.push(expected)
    }
    const sorted = times.toSorted((a, b) => a - b)
    const [p5, median, p95] = [sorted[10] ?? NaN, sorted[100] ?? NaN, sorted[190] ?? NaN]
    console.log(
      `hides ${hidden}: suspected after ${median} expected outputs (5 to 95%: ${p5} to ${p95})`,
    )
    expect(median).toBeGreaterThanOrEqual(atLeast)
    expect(median).toBeLessThanOrEqual(atMost)
  },
)
