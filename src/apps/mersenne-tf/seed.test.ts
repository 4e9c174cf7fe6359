import * as v from 'valibot'
import { expect, test } from 'vitest'
import { inputSchema } from './input.ts'
import { isPrime } from './primes.ts'
import { seed } from './seed.ts'

const kinds = ['practice', 'frontier'] as const

test.each(kinds)('%s gives rising prime exponents and skips none', (kind) => {
  let previous = seed(kind, undefined)
  for (let i = 0; i < 50; i++) {
    expect(v.parse(inputSchema, previous)).toEqual(previous)
    const next = seed(kind, previous)
    expect(next).toEqual({ ...previous, exponent: next.exponent })
    expect(next.exponent).toBeGreaterThan(previous.exponent)
    for (let n = previous.exponent + 1; n < next.exponent; n++) {
      expect(isPrime(BigInt(n))).toBe(false)
    }
    previous = next
  }
})

test('the frontier begins past 2^31', () => {
  expect(seed('frontier', undefined).exponent).toBe(2147483659)
})

test('past the last exponent the frontier goes one bit level up, and practice starts again', () => {
  const last = 4294967291
  const frontier = seed('frontier', undefined)
  expect(seed('frontier', { ...frontier, exponent: last })).toEqual({
    ...frontier,
    bitLo: frontier.bitHi,
    bitHi: frontier.bitHi + 1,
  })
  const end = { ...frontier, exponent: last, bitLo: 79, bitHi: 80 }
  expect(seed('frontier', end)).toEqual(frontier)
  const practice = seed('practice', undefined)
  expect(seed('practice', { ...practice, exponent: last })).toEqual(practice)
})
