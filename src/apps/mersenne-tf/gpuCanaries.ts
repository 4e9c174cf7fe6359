import type { Input } from './input.ts'

/** One input for each number of limbs that the shader has a test for. */
export const gpuCanaries: readonly Input[] = [
  { exponent: 100_000_007, bitLo: 50, bitHi: 51, blockLog2: 18 },
  { exponent: 2_147_483_659, bitLo: 63, bitHi: 64, blockLog2: 18 },
  { exponent: 4_294_967_291, bitLo: 78, bitHi: 79, blockLog2: 18 },
]
