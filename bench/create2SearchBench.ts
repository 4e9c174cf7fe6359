import { create2Search } from '../src/apps/create2-search/app.ts'
import { BLOCK_LOG2 } from '../src/apps/create2-search/blockLog2.ts'
import type { Input, Output } from '../src/apps/create2-search/input.ts'
import { nextPractice } from '../src/apps/create2-search/seed.ts'
import type { KernelBench } from './kernelBench.ts'

/** So many that a fast GPU is busy for long with one run. */
const ITEMS = 2 ** 20

/** Hashes of whole addresses; every nonce of a block is one. */
export const create2SearchBench: KernelBench<Input, Output> = {
  app: create2Search,
  unit: { one: 'hash', many: 'hashes' },
  blockLog2: BLOCK_LOG2,
  // One input stands for all: Keccak takes as long for each, and no pattern is a thousandth of it.
  inputs: (blockLog2) => [{ ...nextPractice(undefined), items: ITEMS, blockLog2 }],
  nameOf: ({ share }) => `mask ${share.mask}`,
  unitsOf: ({ blockLog2 }) => 2 ** blockLog2,
  native: {
    file: 'create2Search.c',
    // For this processor GCC 12 would spill integers to vector registers, which takes 1.6 times as long.
    flags: ['-mtune=generic'],
    simdFlags: ['-mtune=generic', '-DSIMD'],
    args(input) {
      const bytes = Buffer.from(create2Search.encodeInput(input))
      const [mask, value, block] = [
        bytes.subarray(32, 52),
        bytes.subarray(52, 72),
        bytes.subarray(72),
      ]
      return [
        String(input.blockLog2),
        String(bytes.readBigUInt64LE(8)),
        String(input.share.zeroBytes),
        ...[mask, value, block].map((part) => part.toString('hex')),
      ]
    },
  },
}
