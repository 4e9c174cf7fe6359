import { powerMod } from './powerMod.ts'

/** Bases that decide primality of every n below 3317044064679887385961981 > 2^81 (Sorenson and Webster, 2015). */
const BASES = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n]

/**
 * Deterministic Miller-Rabin.
 * @param n below 2^81
 */
export function isPrime(n: bigint): boolean {
  if (n < 2n) return false
  for (const q of BASES) if (n % q === 0n) return n === q
  let odd = n - 1n
  let twos = 0
  for (; odd % 2n === 0n; odd /= 2n) twos++
  return BASES.every((base) => {
    let x = powerMod(base, odd, n)
    if (x === 1n) return true
    for (let i = 1; i < twos && x !== n - 1n; i++) x = (x * x) % n
    return x === n - 1n
  })
}

/** The smallest prime above n. */
export function nextPrime(n: number): number {
  let candidate = n < 2 ? 2 : n + 1 + (n % 2)
  while (!isPrime(BigInt(candidate))) candidate += candidate === 2 ? 1 : 2
  return candidate
}

/** Odd primes up to the bound, in order, by Eratosthenes. */
export function oddPrimesUpTo(bound: number): number[] {
  const composite = new Uint8Array(bound + 1)
  const primes: number[] = []
  for (let n = 3; n <= bound; n += 2) {
    if (composite[n]) continue
    primes.push(n)
    for (let multiple = n * n; multiple <= bound; multiple += n) composite[multiple] = 1
  }
  return primes
}
