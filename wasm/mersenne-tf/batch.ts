import * as at from './layout'
import { squareAll } from './montgomery'

const MASK: u32 = 0xfffffff

let p: u64 = 0
let seedLow: i32 = 0
let seedHigh: i32 = 0
let count: i32 = 0
/** Of the candidates waiting: how many limbs they take (all the same), and the fewest bits any has. */
let limbs: i32 = 0
let fewestBits: i32 = 0
let sums: v128 = i64x2.splat(0)

let kMin: u64 = 0
let kMax: u64 = 0
let recordCount: i32 = 0

export function setWorkunit(exponent: u32, firstK: u64, lastK: u64): void {
  p = exponent
  kMin = firstK
  kMax = lastK
}

export function begin(seed: u64): void {
  seedLow = <i32>seed
  seedHigh = <i32>(seed >> 32)
  count = 0
  fewestBits = 96
  recordCount = 0
  sums = i64x2.splat(0)
}

/** The sum over everything tested since `begin`. */
export function digestOfBatches(): u64 {
  return i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1)
}

/** Records written since `begin`; more than MAX_RECORDS means that some were lost. */
export function recordsOfBatches(): i32 {
  return recordCount
}

/** Takes k into the batch; tests the batch when it is full or when f needs another number of limbs. */
export function take(k: u64): void {
  const a = (k & 0xffffffff) * p
  const b = (k >> 32) * p + (a >> 32)
  const kp = (b << 32) | (a & 0xffffffff)
  const fLow = (kp << 1) | 1
  const fHigh = ((b >> 32) << 1) | (kp >> 63)
  const bits = fHigh != 0 ? 128 - <i32>clz(fHigh) : 64 - <i32>clz(fLow)
  const need = bits <= 24 ? 1 : bits <= 52 ? 2 : 3
  if (count == at.BATCH_SIZE || (count != 0 && need != limbs)) flush()
  limbs = need
  fewestBits = min(fewestBits, bits)
  const lane = at.BATCH + ((<usize>count) << 2)
  store<u32>(lane, (<u32>fLow) & MASK, at.F0)
  store<u32>(lane, (<u32>(fLow >> 28)) & MASK, at.F1)
  store<u32>(lane, (<u32>(fLow >> 56)) | ((<u32>fHigh) << 8), at.F2)
  store<u32>(lane, <u32>k, at.K_LOW)
  store<u32>(lane, <u32>(k >> 32), at.K_HIGH)
  count++
}

/**
 * Tests the batch: 2^p mod f for each candidate. A Montgomery square takes 2^(w + d) to 2^(w + 2d), w = 28 limbs, so
 * the bits of d = p - w, read from the top, lead from 2^w to 2^p with no conversion at either end. The start skips the
 * first bits: 2^(w + d0) mod f by one quotient below 2^32, estimated in floating point and corrected by the bounds.
 */
export function flush(): void {
  if (count == 0) return
  const w = 28 * limbs
  const reach = fewestBits + 31
  const bytes = (<usize>((count + 3) & ~3)) << 2
  for (let i = count; i & 3; i++) repeatLast(i)
  if (p <= <u64>reach) {
    startAll(<i32>p, bytes)
  } else {
    const d = p - <u64>w
    let steps = 0
    while (d >> steps > <u64>(reach - w)) steps++
    startAll(w + <i32>(d >> steps), bytes)
    squareAll(limbs, bytes, steps, <u32>d)
  }
  for (let offset: usize = 0; offset < bytes; offset += 16) finish(offset)
  count = 0
  fewestBits = 96
}

/** A group has four lanes; what is left over tests the last candidate again and is not counted. */
function repeatLast(i: i32): void {
  const from = at.BATCH + ((<usize>(count - 1)) << 2)
  const to = at.BATCH + ((<usize>i) << 2)
  store<u32>(to, load<u32>(from, at.F0), at.F0)
  store<u32>(to, load<u32>(from, at.F1), at.F1)
  store<u32>(to, load<u32>(from, at.F2), at.F2)
}

/** x := 2^e mod f, below 2f, and -1/f mod 2^28. The quotient is estimated from below: at most one too small. */
function startAll(e: i32, bytes: usize): void {
  const power = f64x2.splat(reinterpret<f64>((<u64>(e + 1023)) << 52) * (1.0 - 2.0 ** -50.0))
  const e0 = i64x2.splat(e < 28 ? (<i64>1) << e : 0)
  const e1 = i64x2.splat(e >= 28 && e < 56 ? (<i64>1) << (e - 28) : 0)
  const e2 = i64x2.splat(e >= 56 && e < 84 ? (<i64>1) << (e - 56) : 0)
  const mask = i32x4.splat(MASK)
  for (let group = at.BATCH; group < at.BATCH + bytes; group += 16) {
    const f0 = v128.load(group, at.F0)
    const f1 = v128.load(group, at.F1)
    const f2 = v128.load(group, at.F2)
    const q = v128.shuffle<i32>(
      quotients(power, f0, f1, f2),
      quotients(power, upper(f0), upper(f1), upper(f2)),
      0,
      1,
      4,
      5,
    )
    let low = i64x2.sub(e0, i64x2.extmul_low_i32x4_u(q, f0))
    let high = i64x2.sub(e0, i64x2.extmul_high_i32x4_u(q, f0))
    v128.store(group, v128.and(v128.shuffle<i32>(low, high, 0, 2, 4, 6), mask), at.X0)
    low = i64x2.add(i64x2.shr_s(low, 28), i64x2.sub(e1, i64x2.extmul_low_i32x4_u(q, f1)))
    high = i64x2.add(i64x2.shr_s(high, 28), i64x2.sub(e1, i64x2.extmul_high_i32x4_u(q, f1)))
    v128.store(group, v128.and(v128.shuffle<i32>(low, high, 0, 2, 4, 6), mask), at.X1)
    low = i64x2.add(i64x2.shr_s(low, 28), i64x2.sub(e2, i64x2.extmul_low_i32x4_u(q, f2)))
    high = i64x2.add(i64x2.shr_s(high, 28), i64x2.sub(e2, i64x2.extmul_high_i32x4_u(q, f2)))
    v128.store(group, v128.and(v128.shuffle<i32>(low, high, 0, 2, 4, 6), mask), at.X2)

    // 3f xor 2 is 1/f to 5 bits (P. Montgomery); each Newton step doubles them.
    let inverse = v128.xor(i32x4.mul(f0, i32x4.splat(3)), i32x4.splat(2))
    for (let i = 0; i < 3; i++) {
      inverse = i32x4.mul(inverse, i32x4.sub(i32x4.splat(2), i32x4.mul(f0, inverse)))
    }
    v128.store(group, v128.and(i32x4.neg(inverse), mask), at.NEG_INVERSE)
  }
}

function upper(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 2, 3, 2, 3)
}

/** power / f for the lower two lanes, rounded down. */
function quotients(power: v128, f0: v128, f1: v128, f2: v128): v128 {
  const f = f64x2.add(
    f64x2.convert_low_i32x4_u(f0),
    f64x2.add(
      f64x2.mul(f64x2.convert_low_i32x4_u(f1), f64x2.splat(2.0 ** 28.0)),
      f64x2.mul(f64x2.convert_low_i32x4_u(f2), f64x2.splat(2.0 ** 56.0)),
    ),
  )
  return i32x4.trunc_sat_f64x2_u_zero(f64x2.div(power, f))
}

/** Reduces four residues fully, adds their hashes to the sums, writes down the hits. */
function finish(offset: usize): void {
  const group = at.BATCH + offset
  const mask = i32x4.splat(MASK)
  const f0 = v128.load(group, at.F0)
  const f1 = v128.load(group, at.F1)
  const f2 = v128.load(group, at.F2)
  let x0 = v128.load(group, at.X0)
  let x1 = i32x4.add(v128.load(group, at.X1), i32x4.shr_u(x0, 28))
  let x2 = i32x4.add(v128.load(group, at.X2), i32x4.shr_u(x1, 28))
  x0 = v128.and(x0, mask)
  x1 = v128.and(x1, mask)
  for (let i = 0; i < 4; i++) {
    const y0 = i32x4.sub(x0, f0)
    const y1 = i32x4.add(i32x4.sub(x1, f1), i32x4.shr_s(y0, 28))
    const y2 = i32x4.add(i32x4.sub(x2, f2), i32x4.shr_s(y1, 28))
    const less = i32x4.shr_s(y2, 31)
    x0 = v128.bitselect(x0, v128.and(y0, mask), less)
    x1 = v128.bitselect(x1, v128.and(y1, mask), less)
    x2 = v128.bitselect(x2, y2, less)
  }
  const r0 = v128.or(x0, i32x4.shl(x1, 28))
  const r1 = v128.or(i32x4.shr_u(x1, 4), i32x4.shl(x2, 24))
  const r2 = i32x4.shr_u(x2, 8)
  const left = count - <i32>(offset >> 2)
  const counted = i32x4.gt_s(i32x4.splat(left), i32x4(0, 1, 2, 3))

  let a = i32x4.splat(seedLow)
  let b = i32x4.splat(seedHigh)
  for (let word = 0; word < 7; word++) {
    const input =
      word == 0
        ? v128.load(group, at.K_LOW)
        : word == 1
          ? v128.load(group, at.K_HIGH)
          : word == 2
            ? r0
            : word == 3
              ? r1
              : word == 4
                ? r2
                : i32x4.splat(0)
    a = i32x4.mul(v128.xor(a, input), i32x4.splat(0x85ebca6b))
    a = v128.xor(a, i32x4.shr_u(a, 13))
    b = i32x4.mul(i32x4.add(b, a), i32x4.splat(0xc2b2ae35))
    b = v128.xor(b, i32x4.shr_u(b, 16))
    a = i32x4.add(a, b)
  }
  a = v128.and(a, counted)
  b = v128.and(b, counted)
  sums = i64x2.add(sums, v128.shuffle<i32>(a, b, 0, 4, 1, 5))
  sums = i64x2.add(sums, v128.shuffle<i32>(a, b, 2, 6, 3, 7))

  const ones = i32x4.eq(v128.or(v128.xor(x0, i32x4.splat(1)), v128.or(x1, x2)), i32x4.splat(0))
  let hits = i32x4.bitmask(v128.and(ones, counted))
  for (; hits != 0; hits &= hits - 1) record(group + ((<usize>ctz(hits)) << 2))
}

/** Puts a hit within the workunit's range among the records, by k. */
function record(lane: usize): void {
  const k = (<u64>load<u32>(lane, at.K_LOW)) | ((<u64>load<u32>(lane, at.K_HIGH)) << 32)
  if (k < kMin || k > kMax) return
  recordCount++
  if (recordCount > at.MAX_RECORDS) return
  let to = at.RECORDS + <usize>(recordCount - 1) * at.RECORD_BYTES
  for (; to > at.RECORDS && load<u64>(to - at.RECORD_BYTES) > k; to -= at.RECORD_BYTES) {
    memory.copy(to, to - at.RECORD_BYTES, at.RECORD_BYTES)
  }
  const f0 = <u64>load<u32>(lane, at.F0)
  const f1 = <u64>load<u32>(lane, at.F1)
  const f2 = <u64>load<u32>(lane, at.F2)
  store<u64>(to, k)
  store<u64>(to + 8, f0 | (f1 << 28) | (f2 << 56))
  store<u64>(to + 16, f2 >> 8)
}
