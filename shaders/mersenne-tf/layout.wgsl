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
