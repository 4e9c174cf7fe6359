import { gpuPlan } from '../src/apps/mersenne-tf/gpuPlan.ts'
import type { Input } from '../src/apps/mersenne-tf/input.ts'
import { countOperations } from './countOperations.ts'

const LIMB_BITS = 14

/**
 * Operations on 32-bit integers in the squarings of one test, as `shaders/mersenne-tf` writes them: those of `squareN`, once for
 * each step. What comes before and after (start, last reduction, hash, loop) is left out, and so is the sieve.
 *
 * @param wgsl the kernel
 */
export function operationsPerTest(wgsl: string, input: Input): number {
  const test = gpuPlan(input).round.at(-1)?.entryPoint ?? ''
  const limbs = Number(/^test([456])$/.exec(test)?.[1])
  return (
    stepsOf(input.exponent, input.bitHi, LIMB_BITS * limbs) *
    countOperations(wgsl, `square${limbs}`)
  )
}

/** `pathOf` of `shaders/mersenne-tf/candidate.wgsl`, for f of so many bits: the start skips the first bits of p - width. */
function stepsOf(exponent: number, bits: number, width: number): number {
  const reach = bits + LIMB_BITS - 1
  if (exponent <= Math.max(reach, width)) return 0
  const room = Math.max(reach, width + 1) - width
  let steps = 0
  while (Math.floor((exponent - width) / 2 ** steps) > room) steps++
  return steps
}
