import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { inputSchema, outputSchema } from './input.ts'

const good = { exponent: 100_000_007, bitLo: 50, bitHi: 55, blockLog2: 22 }
const refusal = (input: unknown) => {
  const parsed = v.safeParse(inputSchema, input, { abortEarly: true })
  return parsed.success ? undefined : parsed.issues[0].message
}

test('a sound input passes unchanged', () => {
  expect(v.parse(inputSchema, good)).toEqual(good)
  expect(refusal({ exponent: 3, bitLo: 0, bitHi: 3, blockLog2: 4 })).toBeUndefined()
  expect(refusal({ exponent: 4294967291, bitLo: 79, bitHi: 80, blockLog2: 26 })).toBeUndefined()
})

describe('what cannot be computed is refused with the reason', () => {
  test.each([
    [{ ...good, exponent: 100_000_009 }, 'the exponent must be prime'],
    [{ ...good, exponent: 2 }, 'the exponent must be a whole number from 3'],
    [{ ...good, exponent: 4294967311 }, 'to 4294967295'],
    [{ ...good, exponent: 11.5 }, 'whole number'],
    [{ ...good, bitLo: 55 }, 'the upper bit level must be above the lower one'],
    [{ ...good, bitLo: 56 }, 'the upper bit level must be above the lower one'],
    [{ ...good, bitHi: 81 }, 'the upper bit level must be a whole number from 1 to 80'],
    [{ ...good, bitLo: -1 }, 'the lower bit level must be a whole number from 0'],
    [{ ...good, bitLo: 20, bitHi: 27 }, 'no number 2kp+1 lies in this range'],
    [{ exponent: 67, bitLo: 60, bitHi: 80, blockLog2: 22 }, 'k = (f-1)/2p must stay below 2^63'],
    [{ exponent: 97, bitLo: 60, bitHi: 70, blockLog2: 4 }, 'more than 2^53 items'],
    [{ ...good, blockLog2: 3 }, 'the block size'],
    [{ ...good, blockLog2: 27 }, 'the block size'],
    [{ ...good, extra: 1 }, 'extra'],
    ['Factor=1,2,3', 'Object'],
  ])('%j', (input, reason) => {
    expect(refusal(input)).toContain(reason)
  })
})

test('no value makes the schemas throw, however many of its parts are wrong', () => {
  const part = fc.oneof(
    fc.anything(),
    fc.constantFrom(0, -1, 1.5, NaN, Infinity, 2 ** 60, '0', '-1', 'x', '1'),
  )
  const value = fc.oneof(
    fc.anything(),
    fc.record({ exponent: part, bitLo: part, bitHi: part, blockLog2: part }),
    fc.record({ k: part, factor: part }),
  )
  fc.assert(
    fc.property(value, fc.boolean(), (input, abortEarly) => {
      for (const schema of [inputSchema, outputSchema]) {
        const parsed = v.safeParse(schema, input, { abortEarly })
        expect(parsed.success ? parsed.output : input).toEqual(input)
      }
    }),
  )
})

test('an output is a k and its factor', () => {
  const found = { k: '4', factor: '89' }
  expect(v.parse(outputSchema, found)).toEqual(found)
  const wrong = [
    { k: '4', factor: '90' },
    { k: '0', factor: '89' },
    { k: '04', factor: '89' },
    { k: '4' },
  ]
  for (const output of wrong) expect(v.safeParse(outputSchema, output).success).toBe(false)
})
