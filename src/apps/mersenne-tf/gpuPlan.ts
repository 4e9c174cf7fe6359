import type { GpuPlan } from '../../runtime/webgpu/plan.ts'
import { blocksOf, candidateOf } from './candidates.ts'
import type { Input } from './input.ts'

const PRIMES = 6541
const LANES = 64
/** The tests of `shaders/mersenne-tf`, the fastest first. One of L limbs is exact for f up to 2^(14L - 3). */
const TESTS = [4, 5, 6] as const
/** Room for a unit's survivors: at most 23 % of 2^16 survive (the densest stretch is the first one of p = 3), 10 % usually. */
const SURVIVORS_PER_UNIT = 16_384

/** How `shaders/mersenne-tf` computes an input. A unit is one of the two classes of k mod 4 over a stretch of at most 2^18 k. */
export function gpuPlan(input: Input): GpuPlan {
  const segmentLog2 = Math.min(16, input.blockLog2 - 2)
  const { first, count } = blocksOf(input)
  const beyond = candidateOf(input.exponent, (first + count) << BigInt(input.blockLog2))
  const limbs = TESTS.find((one) => beyond <= 1n << BigInt(14 * one - 3)) ?? 6
  return {
    unitsPerItem: 2 ** (input.blockLog2 - segmentLog2 - 1),
    unitsPerRound: 256,
    stateBytes: 4 * 5 * PRIMES,
    scratchBytes: { fixed: 4, perUnit: 4 * SURVIVORS_PER_UNIT },
    recordBytes: 24,
    prepare: [
      { entryPoint: 'findPrimes', workgroups: 1 },
      { entryPoint: 'findStrikes', workgroups: Math.ceil(PRIMES / LANES) },
    ],
    round: [
      { entryPoint: 'aim', fixed: Math.ceil((2 * PRIMES) / LANES), perUnit: 0 },
      { entryPoint: 'sieve', fixed: 0, perUnit: 1 },
      // One lane for each of the usual survivors and a few more; where there are more, lanes take several.
      { entryPoint: `test${limbs}`, fixed: 0, perUnit: 128 },
    ],
  }
}
