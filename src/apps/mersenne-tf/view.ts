import type { View } from '../app.ts'
import { candidateOf } from './candidates.ts'
import { checkSteps } from './checkSteps.ts'
import type { Input, Output } from './input.ts'
import { isPrime } from './primes.ts'

const LABELS = {
  practice: 'practice: known factors',
  frontier: 'frontier: may already be listed somewhere',
  request: 'requested',
} as const

/** How a Mersenne number's factors look and read. */
export const view: View<Input, Output> = {
  describe: ({ exponent, bitLo, bitHi }) =>
    `Looking for factors of 2^${exponent} − 1 between 2^${bitLo} and 2^${bitHi}`,

  tell({ exponent }, { factor }) {
    const composite = isPrime(BigInt(factor)) ? '' : ', a product of smaller factors'
    return `2^${exponent} − 1 is divisible by ${factor}${composite}`
  },

  label: (kind) => LABELS[kind],

  facts: ({ exponent }, { factor, k }) => [
    { name: 'Factor', value: factor },
    { name: 'k, where the factor is 2kp + 1', value: k },
    { name: 'Exponent p', value: String(exponent) },
    { name: 'Size', value: `${BigInt(factor).toString(2).length} bits` },
  ],

  check({ exponent }, { factor, k }) {
    const f = BigInt(factor)
    const steps = checkSteps(exponent, f)
    const holds = steps.at(-1)?.residue === 1n && f === candidateOf(exponent, BigInt(k))
    return {
      method:
        `Read the exponent ${exponent} in binary: for each digit square the number, starting from 1, ` +
        `double it where the digit is 1, and keep the remainder on division by ${factor}`,
      columns: ['Digit', 'Step', 'Remainder'],
      steps: steps.map(({ bit, residue }) => ({
        mark: String(bit),
        action: bit ? 'square, then double' : 'square',
        value: String(residue),
      })),
      conclusion: holds
        ? `2^${exponent} leaves 1 on division by ${factor}, so 2^${exponent} − 1 leaves 0`
        : `2^${exponent} − 1 is not divisible by ${factor}`,
      holds,
    }
  },
}
