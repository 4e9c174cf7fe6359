import type { Input } from './input.ts'
import { addressHex } from './pattern.ts'

const BLOCK_LOG2 = 12

const BASE: Omit<Input, 'firstBlock' | 'items'> = {
  deployer: '0x4e59b44847b379578588920ca78fbf26c0b4956c',
  initCodeHash: '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
  saltPrefix: `0x${'fedcba9876543210'.repeat(3)}`,
  blockLog2: BLOCK_LOG2,
  rank: 'total',
  share: { mask: addressHex(0xc0n << 152n), value: addressHex(0x40n << 152n), zeroBytes: 1 },
}

/** Two items of a few units, with some shares each: one whose nonces carry into the high word, and the last nonces there are. */
export const gpuCanaries: readonly Input[] = [
  { ...BASE, firstBlock: String(2 ** (40 - BLOCK_LOG2) - 1), items: 2 },
  { ...BASE, firstBlock: String((1n << BigInt(64 - BLOCK_LOG2)) - 1n), items: 1 },
]
