// needs lib/work.wgsl lib/wide.wgsl lib/hash.wgsl
//
// One candidate f = 2kp + 1 below 2^81, before and after its squarings. Numbers are six limbs of 14 bits.

const MASK = 0x3fffu;

struct Limbs {
  x0: u32,
  x1: u32,
  x2: u32,
  x3: u32,
  x4: u32,
  x5: u32,
}

struct Candidate {
  k: vec2<u32>,
  // f in words, the lowest first, and in limbs.
  words: vec3<u32>,
  f: Limbs,
  // How many bits f has.
  bits: u32,
  // -1 / f mod 2^14.
  negInverse: u32,
}

fn candidateOf(survivor: u32) -> Candidate {
  let unit = survivor >> 16u;
  let within = (segmentOf(unit) << segmentLog2()) + (survivor & 0xffffu);
  let j = add64(firstJ(), vec2(within, 0u));
  let k = add64(shiftLeft64(j, 2u), vec2(residueOf(halfOf(unit)), 0u));
  let low = multiply32(k.x, exponent());
  let high = add64(multiply32(k.y, exponent()), vec2(low.y, 0u));
  let w = vec3(
    (low.x << 1u) | 1u,
    (high.x << 1u) | (low.x >> 31u),
    (high.y << 1u) | (high.x >> 31u),
  );
  // 3f xor 2 is 1/f to 5 bits (P. Montgomery); each Newton step doubles them.
  var inverse = (3u * w.x) ^ 2u;
  inverse *= 2u - w.x * inverse;
  inverse *= 2u - w.x * inverse;
  return Candidate(k, w, limbsOf(w), bitsOf(w), (0u - inverse) & MASK);
}

fn limbsOf(w: vec3<u32>) -> Limbs {
  return Limbs(
    w.x & MASK,
    (w.x >> 14u) & MASK,
    ((w.x >> 28u) | (w.y << 4u)) & MASK,
    (w.y >> 10u) & MASK,
    ((w.y >> 24u) | (w.z << 8u)) & MASK,
    w.z >> 6u,
  );
}

fn wordsOf(x: Limbs) -> vec3<u32> {
  return vec3(
    x.x0 | (x.x1 << 14u) | (x.x2 << 28u),
    (x.x2 >> 4u) | (x.x3 << 10u) | (x.x4 << 24u),
    (x.x4 >> 8u) | (x.x5 << 6u),
  );
}

fn bitsOf(w: vec3<u32>) -> u32 {
  let low = select(32u - countLeadingZeros(w.x), 64u - countLeadingZeros(w.y), w.y != 0u);
  return select(low, 96u - countLeadingZeros(w.z), w.z != 0u);
}

// The 17 highest bits of f; f shifted up to 17 bits where it has fewer.
fn topOf(w: vec3<u32>, bits: u32) -> u32 {
  if (bits < 17u) {
    return w.x << (17u - bits);
  }
  let shift = bits - 17u;
  let pair = select(select(w.xy, w.yz, shift >= 32u), vec2(w.z, 0u), shift >= 64u);
  return shiftRight64(pair, shift & 31u).x;
}

// x - f where that is not negative, else x; limbs of x below 2^14.
fn reduceOnce(x: Limbs, f: Limbs) -> Limbs {
  let y0 = i32(x.x0 - f.x0);
  let y1 = i32(x.x1 - f.x1) + (y0 >> 14u);
  let y2 = i32(x.x2 - f.x2) + (y1 >> 14u);
  let y3 = i32(x.x3 - f.x3) + (y2 >> 14u);
  let y4 = i32(x.x4 - f.x4) + (y3 >> 14u);
  let y5 = i32(x.x5 - f.x5) + (y4 >> 14u);
  if (y5 < 0) {
    return x;
  }
  return Limbs(u32(y0) & MASK, u32(y1) & MASK, u32(y2) & MASK, u32(y3) & MASK, u32(y4) & MASK, u32(y5));
}

fn double(x: Limbs) -> Limbs {
  return Limbs(
    (x.x0 << 1u) & MASK,
    ((x.x1 << 1u) & MASK) | (x.x0 >> 13u),
    ((x.x2 << 1u) & MASK) | (x.x1 >> 13u),
    ((x.x3 << 1u) & MASK) | (x.x2 >> 13u),
    ((x.x4 << 1u) & MASK) | (x.x3 >> 13u),
    (x.x5 << 1u) | (x.x4 >> 13u),
  );
}

// Limb i of 2^e.
fn powerLimb(e: u32, i: u32) -> i32 {
  return i32(select(0u, 1u << (e - 14u * i), e >= 14u * i && e < 14u * (i + 1u)));
}

// 2^e mod f, below 2f. The quotient, below 2^14, is at most one too small: 2^30 / (t + 1), for the 17 highest bits t of f, is less
// than 1/4 below the true one.
// A power too high for it is reached by doubling.
fn powerOfTwo(c: Candidate, e: u32) -> Limbs {
  let reach = c.bits + 13u;
  let begin = min(e, reach);
  let quotient = (0x40000000u / (topOf(c.words, c.bits) + 1u)) >> min(reach - begin, 31u);
  let y0 = powerLimb(begin, 0u) - i32(quotient * c.f.x0);
  let y1 = powerLimb(begin, 1u) - i32(quotient * c.f.x1) + (y0 >> 14u);
  let y2 = powerLimb(begin, 2u) - i32(quotient * c.f.x2) + (y1 >> 14u);
  let y3 = powerLimb(begin, 3u) - i32(quotient * c.f.x3) + (y2 >> 14u);
  let y4 = powerLimb(begin, 4u) - i32(quotient * c.f.x4) + (y3 >> 14u);
  let y5 = powerLimb(begin, 5u) - i32(quotient * c.f.x5) + (y4 >> 14u);
  var x = Limbs(u32(y0) & MASK, u32(y1) & MASK, u32(y2) & MASK, u32(y3) & MASK, u32(y4) & MASK, u32(y5) & MASK);
  for (var i = begin; i < e; i++) {
    x = double(reduceOnce(x, c.f));
  }
  return x;
}

// How the power of two that one test computes is reached: 2^start first, then one squaring for each of the lowest `steps`
// bits of `bits`.
struct Path {
  start: u32,
  bits: u32,
  steps: u32,
}

// A Montgomery square takes 2^(w+d) to 2^(w+2d), w being 14 times the limbs, so the bits of p - w, read from the top, lead from 2^w to 2^p. The first
// of them are in the start, as far as its quotient reaches.
fn pathOf(c: Candidate, width: u32) -> Path {
  let p = exponent();
  if (p <= max(c.bits + 13u, width)) {
    return Path(p, 0u, 0u);
  }
  let d = p - width;
  let room = max(c.bits + 13u, width + 1u) - width;
  var steps = countLeadingZeros(room) - min(countLeadingZeros(room), countLeadingZeros(d));
  steps += select(0u, 1u, (d >> steps) > room);
  return Path(width + (d >> steps), d, steps);
}

// The hash of a survivor whose residue is x mod f, x below 2f; writes it down if it is a hit in the wanted range.
fn finish(c: Candidate, x: Limbs) -> vec2<u32> {
  let r = wordsOf(reduceOnce(x, c.f));
  if (all(r == vec3(1u, 0u, 0u))) {
    recordHit(c);
  }
  var lanes = mixWord(work.seed, c.k.x);
  lanes = mixWord(lanes, c.k.y);
  lanes = mixWord(lanes, r.x);
  lanes = mixWord(lanes, r.y);
  return endHash(mixWord(lanes, r.z));
}

// k as u64 and f as u128.
fn recordHit(c: Candidate) {
  if (less64(c.k, vec2(input[6], input[7])) || less64(vec2(input[8], input[9]), c.k)) {
    return;
  }
  let at = 6u * atomicAdd(&result.records, 1u);
  if (at + 6u > arrayLength(&result.record)) {
    return;
  }
  result.record[at] = c.k.x;
  result.record[at + 1u] = c.k.y;
  result.record[at + 2u] = c.words.x;
  result.record[at + 3u] = c.words.y;
  result.record[at + 4u] = c.words.z;
  result.record[at + 5u] = 0u;
}
