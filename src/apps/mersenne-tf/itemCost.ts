import type { Credit } from '../../protocol/credit.ts'
import type { Input } from './input.ts'

/** Of 2^20 values of k this many are expected to survive: half (f mod 8) times the product of 1 - 1/q over the odd q. */
const SURVIVORS_PER_2_TO_20 = 53_072n
/** Finding where each of the 6,541 sieve primes first strikes in either class of k: two multiplications a class. */
const SIEVE_STARTS = 4n * 6_541n
/** The start 2^e mod f, the inverse of f, the hash. */
const FIXED_PER_SURVIVOR = 32n

/**
 * Credit for one item: counted 32-bit multiplications in millions, rounded up. A survivor costs one squaring for each
 * bit of the exponent; one of L limbs of 28 bits takes L(L+1)/2 products to square and L(L+1) to reduce.
 */
export function itemCost(input: Input): Credit {
  const limbs = input.bitHi <= 24 ? 1n : input.bitHi <= 52 ? 2n : 3n
  const squarings = BigInt(input.exponent.toString(2).length)
  const perSurvivor = squarings * ((3n * limbs * (limbs + 1n)) / 2n) + FIXED_PER_SURVIVOR
  const survivors = (SURVIVORS_PER_2_TO_20 << BigInt(input.blockLog2)) >> 20n
  const multiplications = survivors * perSurvivor + SIEVE_STARTS
  return (multiplications + 999_999n) / 1_000_000n
}
