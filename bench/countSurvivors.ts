import { blockOf, candidateOf } from '../src/apps/mersenne-tf/candidates.ts'
import type { Input } from '../src/apps/mersenne-tf/input.ts'
import { powerMod } from '../src/apps/mersenne-tf/powerMod.ts'
import { oddPrimesUpTo } from '../src/apps/mersenne-tf/primes.ts'
import { SIEVE_BOUND } from '../src/apps/mersenne-tf/survives.ts'

/**
 * How many tests an item takes: its k with 2kp + 1 = 1 or 7 mod 8 and no prime divisor that the sieve knows.
 * @throws Error for p below 2^15, where candidates may be sieve primes themselves
 */
export function countSurvivors(input: Input, item: number): number {
  const { exponent } = input
  if (2 * exponent < SIEVE_BOUND) throw new Error(`the exponent ${exponent} is too small`)
  const { start, size } = blockOf(input, item)
  const struck = new Uint8Array(Number(size))
  for (const prime of oddPrimesUpTo(SIEVE_BOUND)) {
    const q = BigInt(prime)
    // 2kp = -1 mod q, and 1 / 2p = (2p)^(q - 2) by Fermat.
    const k = q - powerMod(2n * BigInt(exponent), q - 2n, q)
    const first = (k + q - (start % q)) % q
    for (let at = Number(first); at < struck.length; at += prime) struck[at] = 1
  }
  const wanted = [0n, 1n, 2n, 3n].map((k) => [1n, 7n].includes(candidateOf(exponent, k) % 8n))
  return struck.reduce((count, dead, at) => count + (dead === 0 && wanted[at & 3] ? 1 : 0), 0)
}
