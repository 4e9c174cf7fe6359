import { BITS, PRIMES, SIEVE_BOUND, STARTS_A, STARTS_B } from './layout'

let primeCount: u32 = 0
let exponent: u64 = 0

/** Finds the odd primes below SIEVE_BOUND, once per instance. */
export function findPrimes(): void {
  if (primeCount != 0) return
  memory.fill(BITS, 0, SIEVE_BOUND)
  for (let q: u32 = 3; q < SIEVE_BOUND; q += 2) {
    if (load<u8>(BITS + q) != 0) continue
    store<u32>(PRIMES + (primeCount << 2), q)
    primeCount++
    for (let m: u64 = <u64>q * q; m < SIEVE_BOUND; m += q) store<u8>(BITS + <usize>m, 1)
  }
}

/**
 * For each prime q and both classes c of k = 4j + c: f = 8pj + (2pc + 1), so q | f where j = -(2pc + 1) / 8p mod q.
 * q = p divides no f; its start is never reached.
 */
export function prepareSieve(p: u32, classB: u32): void {
  exponent = p
  for (let i: u32 = 0; i < primeCount; i++) {
    const q = load<u32>(PRIMES + (i << 2))
    const pModQ = p % q
    if (pModQ == 0) continue
    const inverse = invert((8 * pModQ) % q, q)
    store<u32>(STARTS_A + (i << 2), q - inverse)
    store<u32>(STARTS_B + (i << 2), q - ((inverse * ((2 * pModQ * classB + 1) % q)) % q))
  }
}

/** 1 / a mod q by Euclid's algorithm. */
function invert(a: u32, q: u32): u32 {
  let r0 = <i32>q
  let r1 = <i32>a
  let t0 = 0
  let t1 = 1
  while (r1 != 0) {
    const quotient = r0 / r1
    const r = r0 - quotient * r1
    r0 = r1
    r1 = r
    const t = t0 - quotient * t1
    t0 = t1
    t1 = t
  }
  return t0 < 0 ? <u32>(t0 + <i32>q) : <u32>t0
}

/**
 * Strikes, in the bits of `count` values j from `first` on, every j whose f has a divisor below SIEVE_BOUND, and k = 0.
 * An f that is itself such a prime stays.
 */
export function sieve(first: u64, count: u32, residue: u32, starts: usize): void {
  memory.fill(BITS, 0, (count + 7) >> 3)
  for (let i: u32 = 0; i < primeCount; i++) {
    const q = load<u32>(PRIMES + (i << 2))
    if (q == <u32>exponent) continue
    let at = load<u32>(starts + (i << 2)) - <u32>(first % q)
    if (<i32>at < 0) at += q
    else if (at >= q) at -= q
    for (; at < count; at += q) {
      const byte = BITS + (at >> 3)
      store<u8>(byte, load<u8>(byte) | (<u8>((<u32>1) << (at & 7))))
    }
  }
  if (2 * exponent < SIEVE_BOUND) restoreSmallPrimes(first, count, residue)
  if (first == 0 && residue == 0) store<u8>(BITS, load<u8>(BITS) | 1)
}

function restoreSmallPrimes(first: u64, count: u32, residue: u32): void {
  for (let i: u32 = 0; i < primeCount; i++) {
    const q = load<u32>(PRIMES + (i << 2))
    if ((q - 1) % <u32>(2 * exponent) != 0) continue
    const k = (q - 1) / <u32>(2 * exponent)
    const j = <u64>(k >> 2) - first
    if ((k & 3) != residue || j >= count) continue
    const byte = BITS + ((<usize>j) >> 3)
    store<u8>(byte, load<u8>(byte) & (<u8>~((<u32>1) << ((<u32>j) & 7))))
  }
}
