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
