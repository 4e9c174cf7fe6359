import type { HardItems, HardRun } from '../../testing/specimen.ts'
import { mersenneTf } from '../app.ts'
import { BLOCK_LOG2 } from '../blockLog2.ts'
import { blocksOf, itemOf, kRangeOf } from '../candidates.ts'
import type { Input } from '../input.ts'
import { KNOWN, publishedItem } from './known.ts'

/** Around every change of method: no step at all, a few, all; 2p + 1 above and below the sieve's bound; p near 2^31 and 2^32. */
const EXPONENTS = [
  3, 5, 31, 61, 83, 89, 113, 127, 32771, 1000003, 100000007, 2147483647, 4294967291,
]
/** Where a kernel may need more: limbs of 28 bits in WASM and 14 in WGSL, with 4 to spare or without; words of 32. */
const WIDTHS = [24, 28, 32, 38, 42, 48, 52, 56, 64, 66, 70, 78]
/** Their 2p + 1 is a prime that the sieve knows, and a factor (p is 3 mod 4). The last two are the largest below the bound. */
const SMALL = [3, 11, 23, 83, 131, 179, 191, 239, 251, 359, 1031, 32159, 32531]

const one = (input: Input, start: number): HardRun => ({ input, start, count: 1 })
const lastOf = (input: Input) => mersenneTf.itemCount(input) - 1

function inSchema(input: Input): boolean {
  const { first, last } = kRangeOf(input)
  return first <= last && last < 1n << 63n && blocksOf(input).count <= Number.MAX_SAFE_INTEGER
}

function firstAndLast(input: Input): HardRun[] {
  return inSchema(input) ? [one(input, 0), one(input, lastOf(input))] : []
}

function everyLevel(): HardRun[] {
  const levels = Array.from({ length: 78 }, (_, i) => i + 3)
  return EXPONENTS.flatMap((exponent) =>
    levels.flatMap((bitHi) => firstAndLast({ exponent, bitLo: bitHi - 1, bitHi, blockLog2: 5 })),
  )
}

/** The block that has 2^width inside it: once as the last of the level below, once within a range of two levels. */
function straddling(): HardRun[] {
  return [127, 1000003, 2147483659].flatMap((exponent) =>
    WIDTHS.flatMap((width) =>
      [4, 9, 12].flatMap((blockLog2) => {
        const below: Input = { exponent, bitLo: width - 1, bitHi: width, blockLog2 }
        const across: Input = { ...below, bitHi: width + 1 }
        const item = Number(itemOf(across, (1n << BigInt(width)) / BigInt(2 * exponent)))
        return [below, across].every(inSchema) ? [one(below, lastOf(below)), one(across, item)] : []
      }),
    ),
  )
}

const manyAtOnce: HardRun[] = [
  one({ exponent: 100000007, bitLo: 74, bitHi: 75, blockLog2: 13 }, 1),
  one({ exponent: 4294967291, bitLo: 63, bitHi: 64, blockLog2: 12 }, 0),
  one({ exponent: 2147483659, bitLo: 51, bitHi: 53, blockLog2: 13 }, 60),
  one({ exponent: 13, bitLo: 0, bitHi: 30, blockLog2: 13 }, 0),
  one({ exponent: 65521, bitLo: 20, bitHi: 40, blockLog2: 13 }, 0),
]

/** f passes 2^80 in the last item only, by at most a block. */
function pastTheEnd(): HardRun[] {
  return [7, 10, 13].map((blockLog2) => {
    const input: Input = { exponent: 4294967291, bitLo: 79, bitHi: 80, blockLog2 }
    return one(input, lastOf(input))
  })
}

/** k = 0 is no candidate; the k after it give factors that the sieve must not strike by themselves. */
function fromZero(): HardRun[] {
  return [...SMALL, 5, 7, 13, 31, 127].flatMap((exponent) =>
    [4, 5, 6, 7, 8, 11].map((blockLog2) => one({ exponent, bitLo: 0, bitHi: 26, blockLog2 }, 0)),
  )
}

const known: HardRun[] = [4, 8, 12].flatMap((blockLog2) =>
  KNOWN.map((each) => {
    const { input, item } = publishedItem(each, blockLog2)
    return one(input, item)
  }),
)

/** 2^p - 1 itself is the last k of one level, and lies beyond the next one, in the same block. */
function atTheEnds(): HardRun[] {
  return [13, 17, 19, 31, 61].flatMap((exponent) =>
    [exponent - 1, exponent].map((bitLo) => {
      const input: Input = { exponent, bitLo, bitHi: bitLo + 1, blockLog2: 8 }
      return one(input, bitLo === exponent ? 0 : lastOf(input))
    }),
  )
}

/** More units than a round has; item numbers past 2^32. */
const inARow: HardRun[] = [
  { input: { exponent: 2147483659, bitLo: 63, bitHi: 64, blockLog2: 6 }, start: 7, count: 140 },
  { input: { exponent: 100000007, bitLo: 51, bitHi: 53, blockLog2: 5 }, start: 70_000, count: 128 },
  {
    input: { exponent: 100000007, bitLo: 74, bitHi: 75, blockLog2: 4 },
    start: 2 ** 37,
    count: 129,
  },
  { input: { exponent: 29, bitLo: 0, bitHi: 40, blockLog2: 9 }, start: 0, count: 130 },
]

const bigBlocks: HardRun[] = [
  one({ exponent: 100000007, bitLo: 40, bitHi: 51, blockLog2: 18 }, 3),
  one({ exponent: 100000007, bitLo: 51, bitHi: 52, blockLog2: 19 }, 20),
  one({ exponent: 2147483659, bitLo: 63, bitHi: 64, blockLog2: 20 }, 5),
  one({ exponent: 100000007, bitLo: 74, bitHi: 75, blockLog2: 20 }, 7),
  one({ exponent: 4294967291, bitLo: 79, bitHi: 80, blockLog2: 19 }, 9),
  one({ exponent: 13, bitLo: 0, bitHi: 30, blockLog2: 20 }, 0),
  // The densest there is: nearly a quarter of the first stretch survives.
  one({ exponent: 3, bitLo: 0, bitHi: 30, blockLog2: 18 }, 0),
  one({ exponent: 32531, bitLo: 0, bitHi: 40, blockLog2: 19 }, 0),
  one({ exponent: 2147483659, bitLo: 63, bitHi: 64, blockLog2: BLOCK_LOG2 }, 17),
  { input: { exponent: 2147483659, bitLo: 65, bitHi: 67, blockLog2: 18 }, start: 11, count: 3 },
  ...[16, 20].flatMap((blockLog2) =>
    KNOWN.filter(([p]) => p > 29).map((each) => {
      const { input, item } = publishedItem(each, blockLog2)
      return one(input, item)
    }),
  ),
]

export const hard: readonly HardItems[] = [
  { name: 'the first and last item of every bit level', large: false, runs: everyLevel() },
  { name: 'blocks in which the number of limbs changes', large: false, runs: straddling() },
  { name: 'many candidates at once', large: false, runs: manyAtOnce },
  { name: 'the last item, whose candidates pass 2^80', large: false, runs: pastTheEnd() },
  { name: 'k = 0, and factors that are sieve primes', large: false, runs: fromZero() },
  { name: 'factors at the ends of the range', large: false, runs: atTheEnds() },
  { name: 'items with published factors', large: false, runs: known },
  { name: 'many items in a row', large: false, runs: inARow },
  { name: 'big blocks', large: true, runs: bigBlocks },
]
