import * as v from 'valibot'
import { blocksOf, kRangeOf } from './candidates.ts'
import { isPrime } from './primes.ts'

export const MAX_EXPONENT = 2 ** 32 - 1
export const MAX_BITS = 80
export const MIN_BLOCK_LOG2 = 4
export const MAX_BLOCK_LOG2 = 26

const integer = (name: string, least: number, most: number) => {
  const message = `${name} must be a whole number from ${least} to ${most}`
  return v.pipe(
    v.number(message),
    v.safeInteger(message),
    v.minValue(least, message),
    v.maxValue(most, message),
  )
}

/** Look for factors f of 2^exponent - 1 with 2^bitLo <= f < 2^bitHi, in blocks of 2^blockLog2 values of k. */
export const inputSchema = v.pipe(
  v.strictObject({
    exponent: v.pipe(
      integer('the exponent', 3, MAX_EXPONENT),
      v.check(
        (exponent) => Number.isSafeInteger(exponent) && isPrime(BigInt(exponent)),
        'the exponent must be prime: with a composite one, every divisor of it gives a factor by algebra',
      ),
    ),
    bitLo: integer('the lower bit level', 0, MAX_BITS - 1),
    bitHi: integer('the upper bit level', 1, MAX_BITS),
    blockLog2: integer('the block size', MIN_BLOCK_LOG2, MAX_BLOCK_LOG2),
  }),
  // Unlike checks, what follows a transformation runs only on what passed.
  v.readonly(),
  v.check(
    (input) => input.bitLo < input.bitHi,
    'the upper bit level must be above the lower one: the range goes from 2^lower to just below 2^upper',
  ),
  v.check((input) => {
    const { first, last } = kRangeOf(input)
    return first <= last
  }, 'no number 2kp+1 lies in this range: raise the upper bit level'),
  v.check(
    (input) => kRangeOf(input).last < 1n << 63n,
    'k = (f-1)/2p must stay below 2^63: lower the upper bit level for so small an exponent',
  ),
  v.check(
    (input) => blocksOf(input).count <= BigInt(Number.MAX_SAFE_INTEGER),
    'this range has more than 2^53 items: take a larger block size or fewer bit levels',
  ),
)
export type Input = v.InferOutput<typeof inputSchema>

const decimal = v.pipe(v.string(), v.regex(/^[1-9][0-9]{0,24}$/, 'expected a decimal integer'))

/** One factor, f = 2kp + 1. */
export const outputSchema = v.pipe(
  v.strictObject({ k: decimal, factor: decimal }),
  v.readonly(),
  v.check(
    ({ k, factor }) => BigInt(factor) > 1n && (BigInt(factor) - 1n) % (2n * BigInt(k)) === 0n,
    'factor must be 2kp+1',
  ),
)
export type Output = v.InferOutput<typeof outputSchema>
