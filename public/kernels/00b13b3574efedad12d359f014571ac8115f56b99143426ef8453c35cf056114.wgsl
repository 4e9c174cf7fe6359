// lib/hash.wgsl
// hashWords of src/protocol/digest.ts, one word at a time: begin with the seed, mix every word, then end.

fn mixWord(lanes: vec2<u32>, word: u32) -> vec2<u32> {
  var a = (lanes.x ^ word) * 0x85ebca6bu;
  a ^= a >> 13u;
  var b = (lanes.y + a) * 0xc2b2ae35u;
  b ^= b >> 16u;
  return vec2(a + b, b);
}

fn endHash(lanes: vec2<u32>) -> vec2<u32> {
  return mixWord(mixWord(lanes, 0u), 0u);
}

// lib/wide.wgsl
// Numbers of two 32-bit words, low word first. WGSL has neither 64-bit integers nor the high half of a product.

fn add64(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2(low, a.y + b.y + select(0u, 1u, low < a.x));
}

// a < b
fn less64(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}

// For n from 0 to 31.
fn shiftLeft64(a: vec2<u32>, n: u32) -> vec2<u32> {
  return vec2(a.x << n, (a.y << n) | ((a.x >> 1u) >> (31u - n)));
}

// For n from 0 to 31.
fn shiftRight64(a: vec2<u32>, n: u32) -> vec2<u32> {
  return vec2((a.x >> n) | ((a.y << 1u) << (31u - n)), a.y >> n);
}

// The full product, from 16-bit halves.
fn multiply32(a: u32, b: u32) -> vec2<u32> {
  let aLow = a & 0xffffu;
  let aHigh = a >> 16u;
  let bLow = b & 0xffffu;
  let bHigh = b >> 16u;
  let low = aLow * bLow;
  let middle = aHigh * bLow + (low >> 16u);
  let other = aLow * bHigh + (middle & 0xffffu);
  return vec2((other << 16u) | (low & 0xffffu), aHigh * bHigh + (middle >> 16u) + (other >> 16u));
}

// a mod q for q below 2^16, in digits of 16 bits.
fn remainder64(a: vec2<u32>, q: u32) -> u32 {
  var r = a.y % q;
  r = ((r << 16u) | (a.x >> 16u)) % q;
  return ((r << 16u) | (a.x & 0xffffu)) % q;
}

// lib/work.wgsl
// The interface between every kernel and its host, version 1: shaders/README.md has the contract.
// Bindings: 0 input, 1 work, 2 and 3 the kernel's own (state, scratch), 4 result.
// Determinism: sums of 32-bit words only, so lanes may add in any order.

struct Work {
  // The first unit of this round, counted from the workunit's first: low and high word.
  unit: vec2<u32>,
  seed: vec2<u32>,
  // How many units this round computes.
  units: u32,
  // Another number for every submission: each round adds it to the sentinel, once.
  nonce: u32,
}

struct Result {
  sentinel: atomic<u32>,
  // Units that were computed.
  units: atomic<u32>,
  // Work that the first passes found, and what the last pass did of it; must end equal.
  announced: atomic<u32>,
  performed: atomic<u32>,
  digestLow: atomic<u32>,
  digestHigh: atomic<u32>,
  // Output records there are; what exceeds the room for them is counted and not written.
  records: atomic<u32>,
  // Not 0 when something could not be done.
  failure: atomic<u32>,
  record: array<u32>,
}

@group(0) @binding(0) var<storage, read> input: array<u32>;
@group(0) @binding(1) var<uniform> work: Work;
@group(0) @binding(4) var<storage, read_write> result: Result;

// Adds to the 64-bit digest of the result. The word that wraps the low sum sees it, and carries.
fn addToDigest(digest: vec2<u32>) {
  let before = atomicAdd(&result.digestLow, digest.x);
  let carry = select(0u, 1u, before + digest.x < before);
  atomicAdd(&result.digestHigh, digest.y + carry);
}

// mersenne-tf/candidate.wgsl
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

// mersenne-tf/endTest.wgsl
// What the tests of every width share: how many survivors there are, and how their hashes are added up.

var<workgroup> digestLowHere: atomic<u32>;
var<workgroup> digestHighHere: atomic<u32>;

fn survivorsOfRound() -> u32 {
  return min(atomicLoad(&scratch.survivors), arrayLength(&scratch.survivor));
}

// Called by all lanes: adds their digests, says how many survivors this workgroup tested.
fn endTest(digest: vec2<u32>, id: u32, count: u32, groups: u32, lane: u32) {
  let before = atomicAdd(&digestLowHere, digest.x);
  atomicAdd(&digestHighHere, digest.y + select(0u, 1u, before + digest.x < before));
  workgroupBarrier();
  if (lane != 0u) {
    return;
  }
  addToDigest(vec2(atomicLoad(&digestLowHere), atomicLoad(&digestHighHere)));
  var performed = 0u;
  for (var first = id; first < count; first += 64u * groups) {
    performed += min(64u, count - first);
  }
  atomicAdd(&result.performed, performed);
  if (id == 0u) {
    atomicAdd(&result.sentinel, work.nonce);
  }
}

// mersenne-tf/layout.wgsl
// needs lib/work.wgsl lib/wide.wgsl
//
// Where things lie. Input words: 1 p, 2 log2 of the block size, 4-5 first block, 6-7 kMin, 8-9 kMax; the rest as in
// wasm/mersenne-tf/README.md, with the same bytes.
//
// f is 1 or 7 mod 8 exactly for k = 0 and k = 3p mod 4. A unit is one of these two classes, a half of a segment:
// unit u is half u mod 2 of segment u / 2, and a segment is 2^16 values of j with k = 4j + residue, or a whole block where that has fewer.

const PRIMES = 6541u;
const MOST_SEGMENT_LOG2 = 16u;

struct State {
  // The odd primes below 2^16, rising; 0 for one that is p and divides no f.
  primes: array<u32, PRIMES>,
  // Of each half and each prime: the prime, and in the high half the first j >= 0 with q | f.
  strikes: array<u32, 2 * PRIMES>,
  // The same, counted from the first j of the round.
  aims: array<u32, 2 * PRIMES>,
}

struct Scratch {
  survivors: atomic<u32>,
  // Unit within the round in the high half, j within the segment in the low half.
  survivor: array<u32>,
}

@group(0) @binding(2) var<storage, read_write> state: State;
@group(0) @binding(3) var<storage, read_write> scratch: Scratch;

fn exponent() -> u32 {
  return input[1];
}

fn segmentLog2() -> u32 {
  return min(MOST_SEGMENT_LOG2, input[2] - 2u);
}

// k mod 4 in a half, which is 0 or 1.
fn residueOf(half: u32) -> u32 {
  return half * ((3u * exponent()) & 3u);
}

// A unit of this round as half and segment. Segments count from the one that the round begins in.
fn halfOf(unit: u32) -> u32 {
  return (work.unit.x + unit) & 1u;
}

fn segmentOf(unit: u32) -> u32 {
  return ((work.unit.x & 1u) + unit) >> 1u;
}

// The first j of the segment that the round begins in.
fn firstJ() -> vec2<u32> {
  let block = shiftLeft64(vec2(input[4], input[5]), input[2] - 2u);
  return add64(block, shiftLeft64(shiftRight64(work.unit, 1u), segmentLog2()));
}

// mersenne-tf/primes.wgsl
// Prepares: the odd primes below 2^16, by Eratosthenes in one workgroup, in rising order.

const ODD_WORDS = 1024u;
const WORDS_A_LANE = 16u;

// Bit i of the whole stands for 2i + 1; set where that is no prime.
var<workgroup> composite: array<atomic<u32>, ODD_WORDS>;
var<workgroup> primesOfLane: array<u32, 64>;

@compute @workgroup_size(64)
fn findPrimes(@builtin(local_invocation_index) lane: u32) {
  // All lanes strike by one q at a time. A composite q strikes only what its factors strike.
  for (var q = 3u; q < 256u; q += 2u) {
    for (var n = q * (q + 2u * lane); n < 65536u; n += 128u * q) {
      atomicOr(&composite[n >> 6u], 1u << ((n >> 1u) & 31u));
    }
  }
  if (lane == 0u) {
    atomicOr(&composite[0], 1u);
  }
  workgroupBarrier();

  var count = 0u;
  for (var i = 0u; i < WORDS_A_LANE; i++) {
    count += 32u - countOneBits(atomicLoad(&composite[lane * WORDS_A_LANE + i]));
  }
  primesOfLane[lane] = count;
  workgroupBarrier();

  var to = 0u;
  for (var i = 0u; i < lane; i++) {
    to += primesOfLane[i];
  }
  for (var i = 0u; i < WORDS_A_LANE; i++) {
    let word = lane * WORDS_A_LANE + i;
    for (var left = ~atomicLoad(&composite[word]); left != 0u; left &= left - 1u) {
      let q = word * 64u + 2u * firstTrailingBit(left) + 1u;
      state.primes[to] = select(q, 0u, q == exponent());
      to++;
    }
  }
}

// mersenne-tf/sieve.wgsl
// Sieves one unit per workgroup and writes what survives, in any order: an f with no divisor among the odd primes below
// 2^16, or that is one of them itself. README of the app: the semantics.

const SEGMENT_WORDS = 2048u;
const LANES = 64u;
const WORDS_OF_LANE = SEGMENT_WORDS / LANES;
const BITS_OF_LANE = 32u * WORDS_OF_LANE;
// The first primes, below 256, strike so often that each lane strikes with all of them in its own stretch; each other prime is one
// lane's.
const FREQUENT = 53u;

var<workgroup> struck: array<atomic<u32>, SEGMENT_WORDS>;
var<workgroup> survivorsHere: atomic<u32>;
var<workgroup> listBegin: u32;

fn strike(at: u32) {
  atomicOr(&struck[at >> 5u], 1u << (at & 31u));
}

@compute @workgroup_size(64)
fn sieve(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let unit = group.x;
  let half = halfOf(unit);
  let count = 1u << segmentLog2();
  let offset = segmentOf(unit) << segmentLog2();
  let aims = half * PRIMES;
  let p = exponent();

  // What lies beyond a short segment counts as struck.
  for (var word = lane * WORDS_OF_LANE; word < (lane + 1u) * WORDS_OF_LANE; word++) {
    let beyond = select(0u, 0xffffffffu, word * 32u >= count);
    atomicStore(&struck[word], select(beyond, 0xffffffffu << (count & 31u), word == 0u && count < 32u));
  }
  workgroupBarrier();

  let own = lane * BITS_OF_LANE;
  let ownEnd = min(own + BITS_OF_LANE, count);
  for (var i = 0u; i < FREQUENT; i++) {
    let q = state.aims[aims + i] & 0xffffu;
    if (q != 0u) {
      let begin = (offset + own) % q;
      let first = (state.aims[aims + i] >> 16u) + q - begin;
      for (var at = own + select(first, first - q, first >= q); at < ownEnd; at += q) {
        strike(at);
      }
    }
  }
  for (var i = FREQUENT + lane; i < PRIMES; i += LANES) {
    let q = state.aims[aims + i] & 0xffffu;
    if (q != 0u) {
      let first = (state.aims[aims + i] >> 16u) + q - offset % q;
      for (var at = select(first, first - q, first >= q); at < count; at += q) {
        strike(at);
      }
    }
  }
  workgroupBarrier();

  let j = add64(firstJ(), vec2(offset, 0u));
  if (p < 32768u && j.y == 0u) {
    for (var i = lane; i < PRIMES; i += LANES) {
      let q = state.primes[i];
      let k = (q - 1u) / (2u * p);
      let at = (k >> 2u) - j.x;
      if (q != 0u && k * 2u * p + 1u == q && (k & 3u) == residueOf(half) && (k >> 2u) >= j.x && at < count) {
        atomicAnd(&struck[at >> 5u], ~(1u << (at & 31u)));
      }
    }
  }
  workgroupBarrier();
  if (lane == 0u && half == 0u && all(j == vec2(0u))) {
    strike(0u);
  }
  workgroupBarrier();

  var survivors = 0u;
  for (var word = lane * WORDS_OF_LANE; word < (lane + 1u) * WORDS_OF_LANE; word++) {
    survivors += 32u - countOneBits(atomicLoad(&struck[word]));
  }
  var to = atomicAdd(&survivorsHere, survivors);
  workgroupBarrier();
  if (lane == 0u) {
    let all = atomicLoad(&survivorsHere);
    listBegin = atomicAdd(&scratch.survivors, all);
    atomicAdd(&result.announced, all);
    atomicAdd(&result.units, 1u);
  }
  to += workgroupUniformLoad(&listBegin);
  if (to + survivors > arrayLength(&scratch.survivor)) {
    atomicOr(&result.failure, 1u);
    return;
  }
  for (var word = lane * WORDS_OF_LANE; word < (lane + 1u) * WORDS_OF_LANE; word++) {
    for (var left = ~atomicLoad(&struck[word]); left != 0u; left &= left - 1u) {
      scratch.survivor[to] = (unit << 16u) | (word * 32u + firstTrailingBit(left));
      to++;
    }
  }
}

// mersenne-tf/strikes.wgsl
// Where each prime first strikes: k = 4j + c gives f = 8pj + 2pc + 1, so q | f where j = -(2pc + 1) / 8p mod q. All
// factors are below 2^16, so products fit a word.

// 1 / a mod q by Euclid's algorithm.
fn invert(a: u32, q: u32) -> u32 {
  var r = vec2<i32>(i32(q), i32(a));
  var t = vec2<i32>(0, 1);
  while (r.y != 0) {
    let quotient = r.x / r.y;
    r = vec2(r.y, r.x - quotient * r.y);
    t = vec2(t.y, t.x - quotient * t.y);
  }
  return u32(select(t.x, t.x + i32(q), t.x < 0));
}

// Prepares, after findPrimes: one lane for each prime.
@compute @workgroup_size(64)
fn findStrikes(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= PRIMES) {
    return;
  }
  let q = state.primes[id.x];
  if (q == 0u) {
    state.strikes[id.x] = 0u;
    state.strikes[PRIMES + id.x] = 0u;
    return;
  }
  let p = exponent() % q;
  let inverse = invert((8u * p) % q, q);
  let first = q - inverse;
  let second = (q - (inverse * ((2u * p * residueOf(1u) + 1u) % q)) % q) % q;
  state.strikes[id.x] = q | (first << 16u);
  state.strikes[PRIMES + id.x] = q | (second << 16u);
}

// First in a round: one lane for each prime and class. It also empties the list of survivors.
@compute @workgroup_size(64)
fn aim(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x == 0u) {
    atomicStore(&scratch.survivors, 0u);
  }
  if (id.x >= 2u * PRIMES) {
    return;
  }
  let strike = state.strikes[id.x];
  let q = strike & 0xffffu;
  if (q == 0u) {
    state.aims[id.x] = 0u;
    return;
  }
  let at = (strike >> 16u) + q - remainder64(firstJ(), q);
  state.aims[id.x] = q | (select(at, at - q, at >= q) << 16u);
}

// mersenne-tf/test4.wgsl
// The test for f below 2^53: 4 limbs of 14 bits, R = 2^56. With f at most R / 8 and x below 2f a step gives less than
// 2 * 4 f^2 / R + f <= 2f, so none subtracts (after Walter, "Montgomery exponentiation needs no final subtractions", 1999).

// x^2 / R mod f, doubled if `bit`. Columns of 32 bits hold the whole sums of x^2 + m f.
fn square4(x: Limbs, f: Limbs, negInverse: u32, bit: u32) -> Limbs {
  let y0 = x.x0 << bit;
  let y1 = x.x1 << bit;
  let y2 = x.x2 << bit;
  let y3 = x.x3 << bit;
  let z1 = y1 << 1u;
  let z2 = y2 << 1u;
  let z3 = y3 << 1u;
  let c0 = x.x0 * y0;
  let m0 = (c0 * negInverse) & MASK;
  let c1 = x.x0 * z1 + m0 * f.x1 + ((c0 + m0 * f.x0) >> 14u);
  let m1 = (c1 * negInverse) & MASK;
  let c2 = x.x0 * z2 + x.x1 * y1 + m0 * f.x2 + m1 * f.x1 + ((c1 + m1 * f.x0) >> 14u);
  let m2 = (c2 * negInverse) & MASK;
  let c3 = x.x0 * z3 + x.x1 * z2 + m0 * f.x3 + m1 * f.x2 + m2 * f.x1 + ((c2 + m2 * f.x0) >> 14u);
  let m3 = (c3 * negInverse) & MASK;
  let c4 = x.x1 * z3 + x.x2 * y2 + m1 * f.x3 + m2 * f.x2 + m3 * f.x1 + ((c3 + m3 * f.x0) >> 14u);
  let c5 = x.x2 * z3 + m2 * f.x3 + m3 * f.x2 + (c4 >> 14u);
  let c6 = x.x3 * y3 + m3 * f.x3 + (c5 >> 14u);
  let c7 = c6 >> 14u;
  return Limbs(c4 & MASK, c5 & MASK, c6 & MASK, c7, 0u, 0u);
}

@compute @workgroup_size(64)
fn test4(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let count = survivorsOfRound();
  var digest = vec2(0u);
  for (var i = id.x; i < count; i += 64u * groups.x) {
    let c = candidateOf(scratch.survivor[i]);
    let path = pathOf(c, 56u);
    var x = powerOfTwo(c, path.start);
    for (var step = path.steps; step > 0u; step--) {
      x = square4(x, c.f, c.negInverse, (path.bits >> (step - 1u)) & 1u);
    }
    digest = add64(digest, finish(c, x));
  }
  endTest(digest, id.x, count, groups.x, lane);
}

// mersenne-tf/test5.wgsl
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

// mersenne-tf/test6.wgsl
// The test for f below 2^81: 6 limbs of 14 bits, R = 2^84. With f at most R / 8 and x below 2f a step gives less than
// 2 * 4 f^2 / R + f <= 2f, so none subtracts (after Walter, "Montgomery exponentiation needs no final subtractions", 1999).

// x^2 / R mod f, doubled if `bit`. Columns of 32 bits hold the whole sums of x^2 + m f.
fn square6(x: Limbs, f: Limbs, negInverse: u32, bit: u32) -> Limbs {
  let y0 = x.x0 << bit;
  let y1 = x.x1 << bit;
  let y2 = x.x2 << bit;
  let y3 = x.x3 << bit;
  let y4 = x.x4 << bit;
  let y5 = x.x5 << bit;
  let z1 = y1 << 1u;
  let z2 = y2 << 1u;
  let z3 = y3 << 1u;
  let z4 = y4 << 1u;
  let z5 = y5 << 1u;
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
  let c5 = x.x0 * z5 + x.x1 * z4 + x.x2 * z3 + m0 * f.x5 + m1 * f.x4 + m2 * f.x3 + m3 * f.x2 + m4 * f.x1 + ((c4 + m4 * f.x0) >> 14u);
  let m5 = (c5 * negInverse) & MASK;
  let c6 = x.x1 * z5 + x.x2 * z4 + x.x3 * y3 + m1 * f.x5 + m2 * f.x4 + m3 * f.x3 + m4 * f.x2 + m5 * f.x1 + ((c5 + m5 * f.x0) >> 14u);
  let c7 = x.x2 * z5 + x.x3 * z4 + m2 * f.x5 + m3 * f.x4 + m4 * f.x3 + m5 * f.x2 + (c6 >> 14u);
  let c8 = x.x3 * z5 + x.x4 * y4 + m3 * f.x5 + m4 * f.x4 + m5 * f.x3 + (c7 >> 14u);
  let c9 = x.x4 * z5 + m4 * f.x5 + m5 * f.x4 + (c8 >> 14u);
  let c10 = x.x5 * y5 + m5 * f.x5 + (c9 >> 14u);
  let c11 = c10 >> 14u;
  return Limbs(c6 & MASK, c7 & MASK, c8 & MASK, c9 & MASK, c10 & MASK, c11);
}

@compute @workgroup_size(64)
fn test6(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let count = survivorsOfRound();
  var digest = vec2(0u);
  for (var i = id.x; i < count; i += 64u * groups.x) {
    let c = candidateOf(scratch.survivor[i]);
    let path = pathOf(c, 84u);
    var x = powerOfTwo(c, path.start);
    for (var step = path.steps; step > 0u; step--) {
      x = square6(x, c.f, c.negInverse, (path.bits >> (step - 1u)) & 1u);
    }
    digest = add64(digest, finish(c, x));
  }
  endTest(digest, id.x, count, groups.x, lane);
}
