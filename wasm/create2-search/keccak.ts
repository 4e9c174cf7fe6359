import { FIRST, STATE_A, STATE_B } from './layout'

/** Iota's constants (FIPS 202, 3.2.5). */
const IOTA = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
  0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
  0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
  0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
  0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
])

function xor(a: v128, b: v128): v128 {
  return v128.xor(a, b)
}

function turn(a: v128, bits: i32): v128 {
  return v128.or(i64x2.shl(a, bits), i64x2.shr_u(a, 64 - bits))
}

function chi(a: v128, b: v128, c: v128): v128 {
  return v128.xor(a, v128.andnot(c, b))
}

/** A lane of the state at `from` after theta and rho. */
function lane(from: usize, i: usize, d: v128, bits: i32): v128 {
  return turn(v128.xor(v128.load(from + (i << 4)), d), bits)
}

/** A lane of what the first round's chi works on, for the item's first nonce. */
function first(i: usize): v128 {
  return v128.load(FIRST + (i << 4))
}

function put(to: usize, i: usize, a: v128): v128 {
  v128.store(to + (i << 4), a)
  return a
}

/**
 * Keccak-f[1600] on the block with the nonces at this offset in the item, an even one, and the next: lanes 1, 2 and 3 of
 * both go to `to`. Between the first round and the last there are 22; each makes the column parities that the next begins with.
 */
export function hashPair(offset: u32, to: usize): void {
  // The low four bytes of a nonce, big-endian, are bytes 1 to 4 of lane 6.
  const low = i32x4(offset, offset + 1, 0, 0)
  const w = v128.shuffle<i8>(
    low,
    i32x4.splat(0),
    16,
    3,
    2,
    1,
    0,
    16,
    16,
    16,
    16,
    7,
    6,
    5,
    4,
    16,
    16,
    16,
  )

  // Theta gives lane 6's bits to columns 0 (turned by 1) and 2 as well.
  let b0 = xor(first(0), turn(w, 1))
  let b1 = xor(first(1), turn(w, 44))
  let b2 = xor(first(2), turn(w, 43))
  let b3 = first(3)
  let b4 = first(4)
  let c0 = put(STATE_A, 0, xor(chi(b0, b1, b2), v128.load64_splat(IOTA)))
  let c1 = put(STATE_A, 1, chi(b1, b2, b3))
  let c2 = put(STATE_A, 2, chi(b2, b3, b4))
  let c3 = put(STATE_A, 3, chi(b3, b4, b0))
  let c4 = put(STATE_A, 4, chi(b4, b0, b1))
  b0 = first(5)
  b1 = first(6)
  b2 = xor(first(7), turn(w, 4))
  b3 = first(8)
  b4 = xor(first(9), turn(w, 61))
  c0 = xor(c0, put(STATE_A, 5, chi(b0, b1, b2)))
  c1 = xor(c1, put(STATE_A, 6, chi(b1, b2, b3)))
  c2 = xor(c2, put(STATE_A, 7, chi(b2, b3, b4)))
  c3 = xor(c3, put(STATE_A, 8, chi(b3, b4, b0)))
  c4 = xor(c4, put(STATE_A, 9, chi(b4, b0, b1)))
  b0 = first(10)
  b1 = xor(first(11), turn(w, 6))
  b2 = first(12)
  b3 = first(13)
  b4 = xor(first(14), turn(w, 19))
  c0 = xor(c0, put(STATE_A, 10, chi(b0, b1, b2)))
  c1 = xor(c1, put(STATE_A, 11, chi(b1, b2, b3)))
  c2 = xor(c2, put(STATE_A, 12, chi(b2, b3, b4)))
  c3 = xor(c3, put(STATE_A, 13, chi(b3, b4, b0)))
  c4 = xor(c4, put(STATE_A, 14, chi(b4, b0, b1)))
  b0 = first(15)
  b1 = xor(first(16), turn(w, 37))
  b2 = first(17)
  b3 = xor(first(18), turn(w, 15))
  b4 = first(19)
  c0 = xor(c0, put(STATE_A, 15, chi(b0, b1, b2)))
  c1 = xor(c1, put(STATE_A, 16, chi(b1, b2, b3)))
  c2 = xor(c2, put(STATE_A, 17, chi(b2, b3, b4)))
  c3 = xor(c3, put(STATE_A, 18, chi(b3, b4, b0)))
  c4 = xor(c4, put(STATE_A, 19, chi(b4, b0, b1)))
  b0 = xor(first(20), turn(w, 62))
  b1 = first(21)
  b2 = first(22)
  b3 = xor(first(23), turn(w, 42))
  b4 = first(24)
  c0 = xor(c0, put(STATE_A, 20, chi(b0, b1, b2)))
  c1 = xor(c1, put(STATE_A, 21, chi(b1, b2, b3)))
  c2 = xor(c2, put(STATE_A, 22, chi(b2, b3, b4)))
  c3 = xor(c3, put(STATE_A, 23, chi(b3, b4, b0)))
  c4 = xor(c4, put(STATE_A, 24, chi(b4, b0, b1)))

  let from = STATE_A
  let next = STATE_B
  for (let iota = IOTA + 8; iota < IOTA + 184; iota += 8) {
    const d0 = xor(c4, turn(c1, 1))
    const d1 = xor(c0, turn(c2, 1))
    const d2 = xor(c1, turn(c3, 1))
    const d3 = xor(c2, turn(c4, 1))
    const d4 = xor(c3, turn(c0, 1))
    b0 = xor(v128.load(from), d0)
    b1 = lane(from, 6, d1, 44)
    b2 = lane(from, 12, d2, 43)
    b3 = lane(from, 18, d3, 21)
    b4 = lane(from, 24, d4, 14)
    c0 = put(next, 0, xor(chi(b0, b1, b2), v128.load64_splat(iota)))
    c1 = put(next, 1, chi(b1, b2, b3))
    c2 = put(next, 2, chi(b2, b3, b4))
    c3 = put(next, 3, chi(b3, b4, b0))
    c4 = put(next, 4, chi(b4, b0, b1))
    b0 = lane(from, 3, d3, 28)
    b1 = lane(from, 9, d4, 20)
    b2 = lane(from, 10, d0, 3)
    b3 = lane(from, 16, d1, 45)
    b4 = lane(from, 22, d2, 61)
    c0 = xor(c0, put(next, 5, chi(b0, b1, b2)))
    c1 = xor(c1, put(next, 6, chi(b1, b2, b3)))
    c2 = xor(c2, put(next, 7, chi(b2, b3, b4)))
    c3 = xor(c3, put(next, 8, chi(b3, b4, b0)))
    c4 = xor(c4, put(next, 9, chi(b4, b0, b1)))
    b0 = lane(from, 1, d1, 1)
    b1 = lane(from, 7, d2, 6)
    b2 = lane(from, 13, d3, 25)
    b3 = lane(from, 19, d4, 8)
    b4 = lane(from, 20, d0, 18)
    c0 = xor(c0, put(next, 10, chi(b0, b1, b2)))
    c1 = xor(c1, put(next, 11, chi(b1, b2, b3)))
    c2 = xor(c2, put(next, 12, chi(b2, b3, b4)))
    c3 = xor(c3, put(next, 13, chi(b3, b4, b0)))
    c4 = xor(c4, put(next, 14, chi(b4, b0, b1)))
    b0 = lane(from, 4, d4, 27)
    b1 = lane(from, 5, d0, 36)
    b2 = lane(from, 11, d1, 10)
    b3 = lane(from, 17, d2, 15)
    b4 = lane(from, 23, d3, 56)
    c0 = xor(c0, put(next, 15, chi(b0, b1, b2)))
    c1 = xor(c1, put(next, 16, chi(b1, b2, b3)))
    c2 = xor(c2, put(next, 17, chi(b2, b3, b4)))
    c3 = xor(c3, put(next, 18, chi(b3, b4, b0)))
    c4 = xor(c4, put(next, 19, chi(b4, b0, b1)))
    b0 = lane(from, 2, d2, 62)
    b1 = lane(from, 8, d3, 55)
    b2 = lane(from, 14, d4, 39)
    b3 = lane(from, 15, d0, 41)
    b4 = lane(from, 21, d1, 2)
    c0 = xor(c0, put(next, 20, chi(b0, b1, b2)))
    c1 = xor(c1, put(next, 21, chi(b1, b2, b3)))
    c2 = xor(c2, put(next, 22, chi(b2, b3, b4)))
    c3 = xor(c3, put(next, 23, chi(b3, b4, b0)))
    c4 = xor(c4, put(next, 24, chi(b4, b0, b1)))
    const swapped = from
    from = next
    next = swapped
  }

  // 22 rounds end where they began. Of the last one an address takes three lanes of the first plane.
  b0 = xor(v128.load(STATE_A), xor(c4, turn(c1, 1)))
  b1 = lane(STATE_A, 6, xor(c0, turn(c2, 1)), 44)
  b2 = lane(STATE_A, 12, xor(c1, turn(c3, 1)), 43)
  b3 = lane(STATE_A, 18, xor(c2, turn(c4, 1)), 21)
  b4 = lane(STATE_A, 24, xor(c3, turn(c0, 1)), 14)
  put(to, 0, chi(b1, b2, b3))
  put(to, 1, chi(b2, b3, b4))
  put(to, 2, chi(b3, b4, b0))
}
