import { mersenneTf } from '../src/apps/mersenne-tf/app.ts'
import { BLOCK_LOG2 } from '../src/apps/mersenne-tf/blockLog2.ts'
import { blocksOf, kRangeOf } from '../src/apps/mersenne-tf/candidates.ts'
import type { Input, Output } from '../src/apps/mersenne-tf/input.ts'
import { countSurvivors } from './countSurvivors.ts'
import type { KernelBench } from './kernelBench.ts'
import { operationsPerTest } from './operationsPerTest.ts'

/** The frontier's exponent, and candidates just below 2^63: what the published figures are for. */
const MAIN = { exponent: 2_147_483_659, bitLo: 62, bitHi: 63 }
/** The frontier's own bit level, one of three words, and both for practice's exponent, which has fewer bits. */
const MORE = [
  { exponent: 2_147_483_659, bitLo: 63, bitHi: 64 },
  { exponent: 2_147_483_659, bitLo: 74, bitHi: 75 },
  { exponent: 100_000_007, bitLo: 62, bitHi: 63 },
  { exponent: 100_000_007, bitLo: 74, bitHi: 75 },
]

/** Tests of candidates that the sieve leaves; its time counts. */
export const mersenneTfBench: KernelBench<Input, Output> = {
  app: mersenneTf,
  unit: { one: 'test', many: 'tests' },
  blockLog2: BLOCK_LOG2,
  inputs: (blockLog2) => [
    { ...MAIN, blockLog2 },
    ...MORE.map((input) => ({ ...input, blockLog2 })),
  ],
  nameOf: ({ exponent, bitLo, bitHi }) => `p = ${exponent}, 2^${bitLo} to 2^${bitHi}`,
  unitsOf: countSurvivors,
  native: {
    file: 'mersenneTf.c',
    flags: [],
    args(input) {
      const { first, last } = kRangeOf(input)
      return [input.exponent, input.blockLog2, blocksOf(input).first, first, last].map(String)
    },
  },
  operations: operationsPerTest,
}
