import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPrime, oddPrimesUpTo } from './primes.ts'
import { SIEVE_BOUND, survives } from './survives.ts'

const primes = oddPrimesUpTo(SIEVE_BOUND)

test('a candidate survives by the definition, word for word', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.bigInt(1n, 1n << 17n), fc.bigInt(1n, 1n << 34n), fc.bigInt(1n, 1n << 80n)),
      (half) => {
        const f = 2n * half + 1n
        const struck = primes.some((q) => f % BigInt(q) === 0n && f !== BigInt(q))
        expect(survives(f)).toBe((f % 8n === 1n || f % 8n === 7n) && !struck)
      },
    ),
    { numRuns: 60 },
  )
})

test('the sieve ends at the last prime below its bound', () => {
  // 65521 is the last prime below 2^16, 65537 the first above; both products are 1 mod 8.
  expect(survives(65521n * 65521n)).toBe(false)
  expect(survives(65537n * 65537n)).toBe(true)
  expect(isPrime(65521n) && isPrime(65537n)).toBe(true)
})

test('a prime below the bound survives itself, not its multiples', () => {
  expect(survives(23n)).toBe(true)
  expect(survives(23n * 89n)).toBe(false)
})
