import type { HardItems, HardRun } from '../../testing/specimen.ts'
import type { Input } from '../input.ts'
import { addressHex, leadingZeros, type Pattern } from '../pattern.ts'

const ANY: Pattern = { mask: addressHex(0n), value: addressHex(0n), zeroBytes: 0 }

const BASE: Input = {
  deployer: '0x4e59b44847b379578588920ca78fbf26c0b4956c',
  initCodeHash: '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
  saltPrefix: `0x${'0123456789abcdef'.repeat(3)}`,
  firstBlock: '0',
  items: 1,
  blockLog2: 4,
  rank: 'leading',
  share: ANY,
}

/** Items from the one with this nonce on. */
function runAt(nonce: bigint, count: number, change: Partial<Input> = {}): HardRun {
  const made = { ...BASE, ...change }
  const firstBlock = String(nonce >> BigInt(made.blockLog2))
  return { input: { ...made, firstBlock, items: count }, start: 0, count }
}

/** As far into a workunit as there are items before. */
function runInto(nonce: bigint, count: number, before: number): HardRun {
  const items = before + count
  const firstBlock = String((nonce >> 4n) - BigInt(before))
  return { input: { ...BASE, firstBlock, items }, start: before, count }
}

/** Five blocks before a byte of the nonce carries into the next: as a rule amid a round. */
const edges = [8n, 16n, 24n, 32n, 40n, 48n, 56n, 63n].map((bits) => (1n << bits) - 80n)

/** Byte by byte: each kind of mask that a byte may have, met by a part of the addresses. */
const masks = Array.from({ length: 20 }, (_, byte) => BigInt(8 * (19 - byte))).flatMap((at) =>
  [
    { mask: 0xf0n, value: 0x50n },
    { mask: 0x07n, value: 0x03n },
    { mask: 0x80n, value: 0n },
  ].map(({ mask, value }): Pattern => ({
    mask: addressHex(mask << at),
    value: addressHex(value << at),
    zeroBytes: 0,
  })),
)

/** Each has one zero byte in its address, and after it in the same word a byte of 1: one nonce for each place where this can be. */
const ZERO_THEN_ONE = [
  8_044n,
  22_169n,
  4_732n,
  217_502n,
  83_374n,
  255_503n,
  22_568n,
  299_657n,
  19_314n,
  1_788n,
  216_185n,
  37_888n,
  41_898n,
  3_209n,
  8_017n,
]

export const hard: readonly HardItems[] = [
  {
    name: 'nonces on both sides of every byte of the nonce',
    large: false,
    runs: edges.map((nonce) => runAt(nonce, 9)),
  },
  {
    name: 'the first and the last nonces there are',
    large: false,
    runs: [
      runAt(0n, 2),
      runAt((1n << 64n) - 32n, 2),
      runAt((1n << 64n) - 256n, 1, { blockLog2: 8 }),
    ],
  },
  {
    name: 'items far into their workunit, past 2^32 units',
    large: false,
    runs: [
      runInto(1n << 38n, 3, 2 ** 33 - 1),
      runInto(1n << 60n, 3, 2 ** 52 - 1),
      runInto((1n << 32n) - 16n, 3, 1),
    ],
  },
  {
    name: 'blocks of every size up to 2^12',
    large: false,
    runs: Array.from({ length: 9 }, (_, i) =>
      runAt(1n << 33n, 2, { blockLog2: 4 + i, share: { ...ANY, zeroBytes: i < 6 ? 0 : 1 } }),
    ),
  },
  {
    name: 'masks over every byte of an address',
    large: false,
    runs: masks.map((share, i) => runAt(BigInt(i) << 20n, 1, { blockLog2: 7, share })),
  },
  {
    name: 'counts of zero bytes',
    large: false,
    runs: [0, 1, 2, 20].map((zeroBytes) =>
      runAt(1n << 24n, 1, { blockLog2: 12, share: { ...ANY, zeroBytes: zeroBytes || 1 } }),
    ),
  },
  {
    name: 'a zero byte before a byte of 1, which a count by borrows takes for two',
    large: false,
    runs: ZERO_THEN_ONE.map((nonce) => runAt(nonce, 1, { share: { ...ANY, zeroBytes: 2 } })),
  },
  {
    name: 'an item with as many outputs as there may be',
    large: false,
    runs: [runAt(5n << 34n, 1, { blockLog2: 10 })],
  },
  {
    name: 'a mask and zero bytes at once',
    large: false,
    runs: [1, 2].map((zeroBytes) =>
      runAt(7n << 30n, 1, {
        blockLog2: 11,
        share: { mask: `0x${'0f'.padEnd(40, '0')}`, value: `0x${'05'.padEnd(40, '0')}`, zeroBytes },
      }),
    ),
  },
  {
    name: 'bytes of all kinds in what is hashed',
    large: false,
    runs: [0, 1, 0x7f, 0x80, 0xff].map((byte) => {
      const hex = (bytes: number) => `0x${byte.toString(16).padStart(2, '0').repeat(bytes)}`
      return runAt(1n << 36n, 1, { deployer: hex(20), saltPrefix: hex(24), initCodeHash: hex(32) })
    }),
  },
  {
    name: 'whole items of the usual size',
    large: true,
    runs: [
      runAt(0n, 1, { blockLog2: 18, share: leadingZeros(2) }),
      runAt((1n << 40n) - (1n << 17n), 1, { blockLog2: 17, share: { ...ANY, zeroBytes: 2 } }),
    ],
  },
]
