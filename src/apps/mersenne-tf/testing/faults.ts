import type { Fault } from '../../testing/specimen.ts'

export const faults: readonly Fault[] = [
  ['a constant of the hash', '0x85ebca6bu', '0x85ebca6du'],
  ['half of the seed', 'mixWord(work.seed,', 'mixWord(vec2(work.seed.x, 0u),'],
  ['a carry between words', 'a.y + b.y + select(0u, 1u, low < a.x)', 'a.y + b.y'],
  ['the high word of a remainder', 'var r = a.y % q;', 'var r = a.y;'],
  ['the last k', 'a.y == b.y && a.x < b.x', 'a.y == b.y && a.x <= b.x'],
  ['factors that are sieve primes, of some p', 'p < 32768u', 'p < 32159u'],
  ['a prime of the sieve', 'i < FREQUENT; i++', 'i < FREQUENT - 1u; i++'],
  ['a doubling of the start', 'i < e; i++', 'i + 1u < e; i++'],
  ['a carry of 4 limbs', 'm3 * f.x3 + (c5 >> 14u)', 'm3 * f.x3'],
  ['a product of 5 limbs', 'x.x2 * z4 + x.x3 * y3 + m2', 'x.x2 * z4 + m2'],
  ['the width of 6 limbs', 'pathOf(c, 84u)', 'pathOf(c, 83u)'],
  ['units that begin a round within a segment', '((work.unit.x & 1u) + unit) >> 1u', 'unit >> 1u'],
]
