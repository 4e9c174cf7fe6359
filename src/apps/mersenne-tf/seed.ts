import { BLOCK_LOG2 } from './blockLog2.ts'
import type { SeedKind } from '../app.ts'
import { MAX_BITS, MAX_EXPONENT, type Input } from './input.ts'
import { nextPrime } from './primes.ts'

/** Exponents whose factors of this size have long been published: 0.30 are expected for each exponent (ln(54/40)). */
const PRACTICE = { above: 100_000_000, bitLo: 40, bitHi: 54, blockLog2: BLOCK_LOG2 }
/** Beyond the exponents that GIMPS keeps: a factor of a given bit level b exists about once in b exponents. */
const FRONTIER = { above: 2 ** 31, bitLo: 63, bitHi: 64, blockLog2: BLOCK_LOG2 }

/**
 * The next exponent after `previous` at the same bit levels. Past 2^32 practice begins again, and the frontier goes on
 * one bit level up, so neither ever runs dry.
 */
export function seed(kind: SeedKind, previous: Input | undefined): Input {
  const first = kind === 'practice' ? PRACTICE : FRONTIER
  if (!previous) return seedAbove(first.above, first)
  const next = seedAbove(previous.exponent, previous)
  if (next.exponent <= MAX_EXPONENT) return next
  if (kind === 'practice' || previous.bitHi === MAX_BITS) return seedAbove(first.above, first)
  const { bitLo, bitHi } = previous
  return seedAbove(first.above, { ...first, bitLo: bitLo + 1, bitHi: bitHi + 1 })
}

function seedAbove(exponent: number, levels: Omit<Input, 'exponent'>): Input {
  const { bitLo, bitHi, blockLog2 } = levels
  return { exponent: nextPrime(exponent), bitLo, bitHi, blockLog2 }
}
