import { BLOCK, FIRST, NONCE } from './layout'

/** By how many bits rho turns lane x + 5y (FIPS 202, table 2, modulo 64). */
const RHO = memory.data<u8>([
  0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
])

/**
 * The first round up to its chi for the item's first nonce, at a multiple of the item's size. Another nonce of the item adds its offset to it
 * without a carry, and up to there the round is linear: `hashPair` adds what comes of the offset.
 */
export function prepareItem(start: u64): void {
  store<u64>(NONCE, bswap(start))
  for (let x: usize = 0; x < 5; x++) {
    const d = parity((x + 4) % 5) ^ rotl(parity((x + 1) % 5), 1)
    for (let y: usize = 0; y < 5; y++) {
      const turned = rotl(lane(x + 5 * y) ^ d, <u64>load<u8>(RHO + x + 5 * y))
      const to = FIRST + ((y + 5 * ((2 * x + 3 * y) % 5)) << 4)
      v128.store(to, i64x2.splat(turned))
    }
  }
  store<u64>(NONCE, 0)
}

/** A lane before the first round: the block, and 64 bytes of zeros after it. */
function lane(i: usize): u64 {
  return i < 17 ? load<u64>(BLOCK + (i << 3)) : 0
}

function parity(x: usize): u64 {
  return lane(x) ^ lane(x + 5) ^ lane(x + 10) ^ lane(x + 15)
}
