import { bytesOfPattern, type Pattern } from './pattern.ts'

/**
 * How likely a random address is to match, byte by byte. A byte of which the mask keeps m bits agrees with
 * probability 2^-m, and is zero on top of that with probability 1/256 where its value is zero; `counts[k]` is the probability that all
 * bytes so far agree and k of them are zero.
 */
export function chanceOf(pattern: Pattern): number {
  const bytes = bytesOfPattern(pattern)
  // Exactly, where it can be: a share of 24 bits is neither a little rarer nor a little more common than 2^-24.
  if (pattern.zeroBytes === 0) return 2 ** -bytes.reduce((sum, { mask }) => sum + bitsIn(mask), 0)
  let counts = [1]
  for (const { mask, value } of bytes) {
    const agrees = 2 ** -bitsIn(mask)
    const zero = value === 0 ? 1 / 256 : 0
    const next = [...counts, 0].map(
      (_, k) => (counts[k] ?? 0) * (agrees - zero) + (k > 0 ? (counts[k - 1] ?? 0) * zero : 0),
    )
    counts = next
  }
  return counts.slice(pattern.zeroBytes).reduce((sum, chance) => sum + chance, 0)
}

function bitsIn(byte: number): number {
  let bits = 0
  for (let left = byte; left !== 0; left &= left - 1) bits++
  return bits
}
