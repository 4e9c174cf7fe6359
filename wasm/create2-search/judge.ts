import { HASHES, MASK, MAX_RECORDS, RECORDS, RECORD_BYTES, VALUE, WORDS } from './layout'

let zeroBytes: v128 = i32x4.splat(0)
let start: u64 = 0
let seedLow: i32 = 0
let seedHigh: i32 = 0
let sums: v128 = i64x2.splat(0)
let recordCount: i32 = 0

export function prepareShare(least: u32): void {
  zeroBytes = i32x4.splat(least)
}

export function begin(seed: u64, firstNonce: u64): void {
  seedLow = <i32>seed
  seedHigh = <i32>(seed >> 32)
  start = firstNonce
  sums = i64x2.splat(0)
  recordCount = 0
}

export function digestOfItem(): u64 {
  return i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1)
}

/** Records written since `begin`; more than MAX_RECORDS means that some were lost. */
export function recordsOfItem(): i32 {
  return recordCount
}

/** Adds the hashes of four nonces from start + offset on to the sums, and writes down those that are outputs. */
export function judgeFour(offset: u32): void {
  gatherWords(offset)
  let a = i32x4.splat(seedLow)
  let b = i32x4.splat(seedHigh)
  for (let word = WORDS; word < WORDS + 9 * 16; word += 16) {
    a = i32x4.mul(v128.xor(a, v128.load(word)), i32x4.splat(0x85ebca6b))
    a = v128.xor(a, i32x4.shr_u(a, 13))
    b = i32x4.mul(i32x4.add(b, a), i32x4.splat(0xc2b2ae35))
    b = v128.xor(b, i32x4.shr_u(b, 16))
    a = i32x4.add(a, b)
  }
  sums = i64x2.add(sums, v128.shuffle<i32>(a, b, 0, 4, 1, 5))
  sums = i64x2.add(sums, v128.shuffle<i32>(a, b, 2, 6, 3, 7))

  let wrong = i32x4.splat(0)
  let zeros = i32x4.splat(0)
  for (let i: usize = 0; i < 5; i++) {
    const word = v128.load(WORDS + ((i + 2) << 4))
    const asked = v128.and(word, v128.load32_splat(MASK + (i << 2)))
    wrong = v128.or(wrong, v128.xor(asked, v128.load32_splat(VALUE + (i << 2))))
    // A byte that is zero gives -1.
    zeros = i8x16.sub(zeros, i8x16.eq(word, i8x16.splat(0)))
  }
  const sum = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(zeros))
  const right = v128.and(i32x4.ge_u(sum, zeroBytes), i32x4.eq(wrong, i32x4.splat(0)))
  for (let hits = i32x4.bitmask(right); hits != 0; hits &= hits - 1) record(offset, ctz(hits))
}

/** What `hashWords` of src/protocol/digest.ts takes, four nonces to a vector: the nonce's two words, the address's five; two zeros follow. */
function gatherWords(offset: u32): void {
  const nonces = i32x4.add(i32x4.splat(<i32>start + offset), i32x4(0, 1, 2, 3))
  v128.store(WORDS, nonces)
  v128.store(WORDS, i32x4.splat(<i32>(start >> 32)), 16)
  for (let i: usize = 0; i < 3; i++) {
    const first = v128.load(HASHES + (i << 4))
    const second = v128.load(HASHES + (i << 4), 48)
    const to = WORDS + (i << 5)
    // An address begins with the upper half of lane 1.
    if (i > 0) v128.store(to, v128.shuffle<i32>(first, second, 0, 2, 4, 6), 16)
    v128.store(to, v128.shuffle<i32>(first, second, 1, 3, 5, 7), 32)
  }
}

/** Nonces come in order, and so do the records. */
function record(offset: u32, i: u32): void {
  recordCount++
  if (recordCount > MAX_RECORDS) return
  const to = RECORDS + <usize>(recordCount - 1) * RECORD_BYTES
  const hash = HASHES + <usize>(i >> 1) * 48 + (((<usize>i) & 1) << 3)
  store<u32>(to, load<u32>(hash, 4))
  store<u64>(to, load<u64>(hash, 16), 4)
  store<u64>(to, load<u64>(hash, 32), 12)
  store<u64>(to, start + offset + i, 20)
}
