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
