import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPrime, nextPrime, oddPrimesUpTo } from './primes.ts'

test('isPrime agrees with the sieve', () => {
  const primes = new Set([2, ...oddPrimesUpTo(20_000)])
  for (let n = 0; n <= 20_000; n++) {
    expect({ n, prime: isPrime(BigInt(n)) }).toEqual({ n, prime: primes.has(n) })
  }
})

test('strong pseudoprimes to the first bases are composite all the same', () => {
  // psi_1 .. psi_12: the smallest strong pseudoprimes to the first 1, ..., 12 prime bases (OEIS A014233).
  const pseudoprimes = [
    2047n,
    1373653n,
    25326001n,
    3215031751n,
    2152302898747n,
    3474749660383n,
    341550071728321n,
    3825123056546413051n,
    318665857834031151167461n,
  ]
  expect(pseudoprimes.filter(isPrime)).toEqual([])
})

test('known large primes are prime, and their products are not', () => {
  const primes = [2n ** 61n - 1n, 2n ** 31n - 1n, 4294967291n, 761838257287n, 193707721n]
  expect(primes.filter(isPrime)).toEqual(primes)
  expect(isPrime(2n ** 67n - 1n)).toBe(false)
  expect(isPrime(193707721n * 193707721n)).toBe(false)
})

test('nextPrime is the first prime above', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 }), (n) => {
      const next = nextPrime(n)
      expect(next).toBeGreaterThan(n)
      expect(isPrime(BigInt(next))).toBe(true)
      for (let between = n + 1; between < next; between++) {
        expect(isPrime(BigInt(between))).toBe(false)
      }
    }),
    { numRuns: 50 },
  )
  expect([0, 1, 2, 3, 5].map(nextPrime)).toEqual([2, 2, 3, 5, 7])
})
