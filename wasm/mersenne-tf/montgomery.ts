import { BATCH, F0, F1, F2, NEG_INVERSE, X0, X1, X2 } from './layout'

/*
 * The steps: x := x^2 / 2^28L mod f, doubled if `bit`, for candidates of L limbs of 28 bits, four to a group.
 *
 * Limbs leave room in 64-bit columns for every carry, so columns are added first and carried once. With f < 2^(28L - 4)
 * a residue below 4f, squared, reduced and doubled, is below 2 (16 f^2 / 16 f + f) = 4f again, so no step subtracts
 * (after Walter, "Montgomery exponentiation needs no final subtractions", 1999). In the last block f may pass 2^80 by
 * one part in 2^21: over 32 steps the bound then grows to less than 4.001 f, which the final reduction still covers.
 */

function low(a: v128, b: v128): v128 {
  return i64x2.extmul_low_i32x4_u(a, b)
}

function high(a: v128, b: v128): v128 {
  return i64x2.extmul_high_i32x4_u(a, b)
}

function add(a: v128, b: v128): v128 {
  return i64x2.add(a, b)
}

function carry(column: v128): v128 {
  return i64x2.shr_u(column, 28)
}

/** The low 28 bits of four columns. */
function limb(lows: v128, highs: v128): v128 {
  return v128.and(v128.shuffle<i32>(lows, highs, 0, 2, 4, 6), i32x4.splat(0xfffffff))
}

/** What to multiply f by so that its sum with the column ends in 28 zeros. */
function multiple(lows: v128, highs: v128, negInverse: v128): v128 {
  return v128.and(
    i32x4.mul(v128.shuffle<i32>(lows, highs, 0, 2, 4, 6), negInverse),
    i32x4.splat(0xfffffff),
  )
}

function squareOne(end: usize, bit: i32): void {
  for (let group = BATCH; group < end; group += 16) {
    const x0 = v128.load(group, X0)
    const f0 = v128.load(group, F0)
    const l0 = low(x0, x0)
    const h0 = high(x0, x0)
    const m = multiple(l0, h0, v128.load(group, NEG_INVERSE))
    const l1 = carry(add(l0, low(m, f0)))
    const h1 = carry(add(h0, high(m, f0)))
    v128.store(group, i32x4.shl(limb(l1, h1), bit), X0)
  }
}

function squareTwo(end: usize, bit: i32): void {
  for (let group = BATCH; group < end; group += 16) {
    const x0 = v128.load(group, X0)
    const x1 = v128.load(group, X1)
    const f0 = v128.load(group, F0)
    const f1 = v128.load(group, F1)
    const negInverse = v128.load(group, NEG_INVERSE)
    const twice = i32x4.shl(x0, 1)

    let l0 = low(x0, x0)
    let h0 = high(x0, x0)
    let l1 = low(twice, x1)
    let h1 = high(twice, x1)
    let l2 = low(x1, x1)
    let h2 = high(x1, x1)

    let m = multiple(l0, h0, negInverse)
    l1 = add(add(l1, low(m, f1)), carry(add(l0, low(m, f0))))
    h1 = add(add(h1, high(m, f1)), carry(add(h0, high(m, f0))))

    m = multiple(l1, h1, negInverse)
    l2 = add(add(l2, low(m, f1)), carry(add(l1, low(m, f0))))
    h2 = add(add(h2, high(m, f1)), carry(add(h1, high(m, f0))))

    v128.store(group, i32x4.shl(limb(l2, h2), bit), X0)
    v128.store(group, i32x4.shl(limb(carry(l2), carry(h2)), bit), X1)
  }
}

function squareThree(end: usize, bit: i32): void {
  for (let group = BATCH; group < end; group += 16) {
    const x0 = v128.load(group, X0)
    const x1 = v128.load(group, X1)
    const x2 = v128.load(group, X2)
    const f0 = v128.load(group, F0)
    const f1 = v128.load(group, F1)
    const f2 = v128.load(group, F2)
    const negInverse = v128.load(group, NEG_INVERSE)
    const twice0 = i32x4.shl(x0, 1)
    const twice1 = i32x4.shl(x1, 1)

    let l0 = low(x0, x0)
    let h0 = high(x0, x0)
    let l1 = low(twice0, x1)
    let h1 = high(twice0, x1)
    let l2 = add(low(twice0, x2), low(x1, x1))
    let h2 = add(high(twice0, x2), high(x1, x1))

    let m = multiple(l0, h0, negInverse)
    l1 = add(add(l1, low(m, f1)), carry(add(l0, low(m, f0))))
    h1 = add(add(h1, high(m, f1)), carry(add(h0, high(m, f0))))
    l2 = add(l2, low(m, f2))
    h2 = add(h2, high(m, f2))

    m = multiple(l1, h1, negInverse)
    l2 = add(add(l2, low(m, f1)), carry(add(l1, low(m, f0))))
    h2 = add(add(h2, high(m, f1)), carry(add(h1, high(m, f0))))
    let l3 = add(low(twice1, x2), low(m, f2))
    let h3 = add(high(twice1, x2), high(m, f2))

    m = multiple(l2, h2, negInverse)
    l3 = add(add(l3, low(m, f1)), carry(add(l2, low(m, f0))))
    h3 = add(add(h3, high(m, f1)), carry(add(h2, high(m, f0))))
    const l4 = add(add(low(x2, x2), low(m, f2)), carry(l3))
    const h4 = add(add(high(x2, x2), high(m, f2)), carry(h3))

    v128.store(group, i32x4.shl(limb(l3, h3), bit), X0)
    v128.store(group, i32x4.shl(limb(l4, h4), bit), X1)
    v128.store(group, i32x4.shl(limb(carry(l4), carry(h4)), bit), X2)
  }
}

/** Squares every group once before any is squared again: their long chains of products then overlap in the processor. */
export function squareAll(limbs: i32, bytes: usize, steps: i32, exponent: u32): void {
  const end = BATCH + bytes
  for (let step = steps - 1; step >= 0; step--) {
    const bit = <i32>((exponent >> step) & 1)
    if (limbs == 3) squareThree(end, bit)
    else if (limbs == 2) squareTwo(end, bit)
    else squareOne(end, bit)
  }
}
