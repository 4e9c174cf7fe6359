import { BLOCK_LOG2 } from './blockLog2.ts'
import type { Input } from './input.ts'
import { leadingZeros } from './pattern.ts'

/** 2^24 salts: one find is expected, after some seconds of one core. */
const ITEMS = 64
const BLOCKS = 1n << BigInt(64 - BLOCK_LOG2)

const FIRST: Input = {
  /** The deterministic deployment proxy, which is at this address on nearly every chain. */
  deployer: '0x4e59b44847b379578588920ca78fbf26c0b4956c',
  /** Keccak-256 of nothing: an account without code. */
  initCodeHash: '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
  saltPrefix: `0x${'00'.repeat(24)}`,
  firstBlock: '0',
  items: ITEMS,
  blockLog2: BLOCK_LOG2,
  rank: 'leading',
  share: leadingZeros(3),
}

/** Addresses that nobody asked for, to practise on; after the last salt the first comes again. */
export function nextPractice(previous: Input | undefined): Input {
  if (previous === undefined) return FIRST
  const next = BigInt(previous.firstBlock) + BigInt(previous.items)
  return { ...FIRST, firstBlock: String(next + BigInt(ITEMS) > BLOCKS ? 0n : next) }
}
