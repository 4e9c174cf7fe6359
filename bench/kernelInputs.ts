import type { Input } from '../src/apps/mersenne-tf/input.ts'

/** The frontier's exponent, and candidates just below 2^63: what the published figures are for. */
const MAIN = { exponent: 2_147_483_659, bitLo: 62, bitHi: 63 }
/** The frontier's own bit level, one of three words, and both for practice's exponent, which has fewer bits. */
const MORE = [
  { exponent: 2_147_483_659, bitLo: 63, bitHi: 64 },
  { exponent: 2_147_483_659, bitLo: 74, bitHi: 75 },
  { exponent: 100_000_007, bitLo: 62, bitHi: 63 },
  { exponent: 100_000_007, bitLo: 74, bitHi: 75 },
]

/** What is measured, in blocks of this size; the main one first. */
export function kernelInputs(blockLog2: number): readonly Input[] {
  return [MAIN, ...MORE].map((input) => ({ ...input, blockLog2 }))
}

/** For people. */
export function nameOf({ exponent, bitLo, bitHi }: Input): string {
  return `p = ${exponent}, 2^${bitLo} to 2^${bitHi}`
}
