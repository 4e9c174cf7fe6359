// The test for f below 2^67: 5 limbs of 14 bits, R = 2^70. With f at most R / 8 and x below 2f a step gives less than
// 2 * 4 f^2 / R + f <= 2f, so none subtracts (after Walter, "Montgomery exponentiation needs no final subtractions", 1999).

// x^2 / R mod f, doubled if `bit`. Columns of 32 bits hold the whole sums of x^2 + m f.
fn square5(x: Limbs, f: Limbs, negInverse: u32, bit: u32) -> Limbs {
  let y0 = x.x0 << bit;
  let y1 = x.x1 << bit;
  let y2 = x.x2 << bit;
  let y3 = x.x3 << bit;
  let y4 = x.x4 << bit;
  let z1 = y1 << 1u;
  let z2 = y2 << 1u;
  let z3 = y3 << 1u;
  let z4 = y4 << 1u;
  let c0 = x.x0 * y0;
  let m0 = (c0 * negInverse) & MASK;
  let c1 = x.x0 * z1 + m0 * f.x1 + ((c0 + m0 * f.x0) >> 14u);
  let m1 = (c1 * negInverse) & MASK;
  let c2 = x.x0 * z2 + x.x1 * y1 + m0 * f.x2 + m1 * f.x1 + ((c1 + m1 * f.x0) >> 14u);
  let m2 = (c2 * negInverse) & MASK;
  let c3 = x.x0 * z3 + x.x1 * z2 + m0 * f.x3 + m1 * f.x2 + m2 * f.x1 + ((c2 + m2 * f.x0) >> 14u);
  let m3 = (c3 * negInverse) & MASK;
  let c4 = x.x0 * z4 + x.x1 * z3 + x.x2 * y2 + m0 * f.x4 + m1 * f.x3 + m2 * f.x2 + m3 * f.x1 + ((c3 + m3 * f.x0) >> 14u);
  let m4 = (c4 * negInverse) & MASK;
  let c5 = x.x1 * z4 + x.x2 * z3 + m1 * f.x4 + m2 * f.x3 + m3 * f.x2 + m4 * f.x1 + ((c4 + m4 * f.x0) >> 14u);
  let c6 = x.x2 * z4 + x.x3 * y3 + m2 * f.x4 + m3 * f.x3 + m4 * f.x2 + (c5 >> 14u);
  let c7 = x.x3 * z4 + m3 * f.x4 + m4 * f.x3 + (c6 >> 14u);
  let c8 = x.x4 * y4 + m4 * f.x4 + (c7 >> 14u);
  let c9 = c8 >> 14u;
  return Limbs(c5 & MASK, c6 & MASK, c7 & MASK, c8 & MASK, c9, 0u);
}

@compute @workgroup_size(64)
fn test5(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let count = survivorsOfRound();
  var digest = vec2(0u);
  for (var i = id.x; i < count; i += 64u * groups.x) {
    let c = candidateOf(scratch.survivor[i]);
    let path = pathOf(c, 70u);
    var x = powerOfTwo(c, path.start);
    for (var step = path.steps; step > 0u; step--) {
      x = square5(x, c.f, c.negInverse, (path.bits >> (step - 1u)) & 1u);
    }
    digest = add64(digest, finish(c, x));
  }
  endTest(digest, id.x, count, groups.x, lane);
}
