import { oddPrimesUpTo } from './primes.ts'

/** Belongs to the app version: every implementation sieves by exactly the odd primes up to here. README says why here. */
export const SIEVE_BOUND = 65_536

const sievePrimes = oddPrimesUpTo(SIEVE_BOUND)
const sievePrimeSet = new Set(sievePrimes)
const product = productOf(sievePrimes.map(BigInt))

/**
 * Whether the candidate f is tested: f mod 8 is 1 or 7 and no prime up to SIEVE_BOUND divides f, other than f itself.
 * @param f odd, at least 3
 */
export function survives(f: bigint): boolean {
  if (f % 8n !== 1n && f % 8n !== 7n) return false
  return greatestCommonDivisor(f, product) === 1n || sievePrimeSet.has(Number(f))
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b)
}

/** Pairwise, so that the long factors are multiplied only once. */
function productOf(factors: readonly bigint[]): bigint {
  const [only = 1n] = factors
  if (factors.length <= 1) return only
  const half = factors.length >> 1
  return productOf(factors.slice(0, half)) * productOf(factors.slice(half))
}
