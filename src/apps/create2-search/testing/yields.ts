import type { HardRun } from '../../testing/specimen.ts'
import { addressHex, leadingZeros, type Pattern } from '../pattern.ts'
import { nextPractice } from '../seed.ts'

const ANY: Pattern = { mask: addressHex(0n), value: addressHex(0n), zeroBytes: 0 }

/** Patterns of every kind that one in some thousand addresses matches, over 2^20 salts each. */
const PATTERNS: readonly Pattern[] = [
  leadingZeros(1),
  { mask: `0xfff${'0'.repeat(37)}`, value: `0xc0f${'0'.repeat(37)}`, zeroBytes: 0 },
  { mask: addressHex(0x3fffn), value: addressHex(0x2ac4n), zeroBytes: 0 },
  { ...ANY, zeroBytes: 2 },
  { ...leadingZeros(1), zeroBytes: 2 },
  { mask: addressHex(0x1fffn), value: addressHex(0x1f00n), zeroBytes: 1 },
]

export const yields: readonly HardRun[] = PATTERNS.map((share, index) => ({
  input: {
    ...nextPractice(undefined),
    // An item has room for a thousand outputs; the commonest of these has three hundred in one.
    blockLog2: 16,
    items: 16,
    firstBlock: String(index << 4),
    share,
  },
  start: 0,
  count: 16,
}))
