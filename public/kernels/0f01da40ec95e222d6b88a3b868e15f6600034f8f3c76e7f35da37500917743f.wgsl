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

// create2-search/keccak.wgsl
// needs lib/work.wgsl
//
// Keccak-256 of the one block that an address is hashed from, and of the hash only the 20 bytes that are the address. The steps of a round are
// those of FIPS 202, 3.2. Lane (x, y), a pair of words, the low one first, is a or b with its x and y: a00 to a44.

// The 20 bytes, as little-endian words.
struct Address {
  w0: u32,
  w1: u32,
  w2: u32,
  w3: u32,
  w4: u32,
}

// To the left by 1 to 63 bits, but not by 32.
fn turn(lane: vec2<u32>, bits: u32) -> vec2<u32> {
  let words = select(lane, lane.yx, bits >= 32u);
  let by = bits & 31u;
  return (words << vec2(by)) | (words.yx >> vec2(32u - by));
}

// What iota adds in a round. Only the bits 2^j - 1 can be set, j from 0 to 6, and bit `round` of the j-th number says whether this one is
// (FIPS 202, 3.2.5). Not an array: README.md.
fn iota(round: u32) -> vec2<u32> {
  let low = ((0x50f4f1u >> round) & 1u)
    | (((0x0db916u >> round) & 1u) << 1u)
    | (((0x8c7f94u >> round) & 1u) << 3u)
    | (((0x327356u >> round) & 1u) << 7u)
    | (((0xb5d4deu >> round) & 1u) << 15u)
    | (((0xd81c68u >> round) & 1u) << 31u);
  return vec2(low, ((0xbbe0ccu >> round) & 1u) << 31u);
}

// The other order of bytes.
fn swapBytes(w: u32) -> u32 {
  return (w << 24u) | ((w & 0xff00u) << 8u) | ((w >> 8u) & 0xff00u) | (w >> 24u);
}

// A lane of the block: input words 18 to 51.
fn blockLane(i: u32) -> vec2<u32> {
  return vec2(input[18u + 2u * i], input[19u + 2u * i]);
}

// The block has zeros where the nonce stands, its highest byte first: bytes 45 to 52, the last three of lane 5 and the first five of lane 6.
fn addressOf(nonce: vec2<u32>) -> Address {
  let high = swapBytes(nonce.y);
  let low = swapBytes(nonce.x);
  var a00 = blockLane(0u);
  var a10 = blockLane(1u);
  var a20 = blockLane(2u);
  var a30 = blockLane(3u);
  var a40 = blockLane(4u);
  var a01 = blockLane(5u) | vec2(0u, high << 8u);
  var a11 = blockLane(6u) | vec2((high >> 24u) | (low << 8u), low >> 24u);
  var a21 = blockLane(7u);
  var a31 = blockLane(8u);
  var a41 = blockLane(9u);
  var a02 = blockLane(10u);
  var a12 = blockLane(11u);
  var a22 = blockLane(12u);
  var a32 = blockLane(13u);
  var a42 = blockLane(14u);
  var a03 = blockLane(15u);
  var a13 = blockLane(16u);
  var a23 = vec2(0u);
  var a33 = vec2(0u);
  var a43 = vec2(0u);
  var a04 = vec2(0u);
  var a14 = vec2(0u);
  var a24 = vec2(0u);
  var a34 = vec2(0u);
  var a44 = vec2(0u);

  for (var round = 0u; round < 23u; round++) {
    // Theta.
    let c0 = a00 ^ a01 ^ a02 ^ a03 ^ a04;
    let c1 = a10 ^ a11 ^ a12 ^ a13 ^ a14;
    let c2 = a20 ^ a21 ^ a22 ^ a23 ^ a24;
    let c3 = a30 ^ a31 ^ a32 ^ a33 ^ a34;
    let c4 = a40 ^ a41 ^ a42 ^ a43 ^ a44;
    let d0 = c4 ^ turn(c1, 1u);
    let d1 = c0 ^ turn(c2, 1u);
    let d2 = c1 ^ turn(c3, 1u);
    let d3 = c2 ^ turn(c4, 1u);
    let d4 = c3 ^ turn(c0, 1u);
    // Rho and pi.
    let b00 = a00 ^ d0;
    let b10 = turn(a11 ^ d1, 44u);
    let b20 = turn(a22 ^ d2, 43u);
    let b30 = turn(a33 ^ d3, 21u);
    let b40 = turn(a44 ^ d4, 14u);
    let b01 = turn(a30 ^ d3, 28u);
    let b11 = turn(a41 ^ d4, 20u);
    let b21 = turn(a02 ^ d0, 3u);
    let b31 = turn(a13 ^ d1, 45u);
    let b41 = turn(a24 ^ d2, 61u);
    let b02 = turn(a10 ^ d1, 1u);
    let b12 = turn(a21 ^ d2, 6u);
    let b22 = turn(a32 ^ d3, 25u);
    let b32 = turn(a43 ^ d4, 8u);
    let b42 = turn(a04 ^ d0, 18u);
    let b03 = turn(a40 ^ d4, 27u);
    let b13 = turn(a01 ^ d0, 36u);
    let b23 = turn(a12 ^ d1, 10u);
    let b33 = turn(a23 ^ d2, 15u);
    let b43 = turn(a34 ^ d3, 56u);
    let b04 = turn(a20 ^ d2, 62u);
    let b14 = turn(a31 ^ d3, 55u);
    let b24 = turn(a42 ^ d4, 39u);
    let b34 = turn(a03 ^ d0, 41u);
    let b44 = turn(a14 ^ d1, 2u);
    // Chi and iota.
    a00 = b00 ^ (~b10 & b20) ^ iota(round);
    a10 = b10 ^ (~b20 & b30);
    a20 = b20 ^ (~b30 & b40);
    a30 = b30 ^ (~b40 & b00);
    a40 = b40 ^ (~b00 & b10);
    a01 = b01 ^ (~b11 & b21);
    a11 = b11 ^ (~b21 & b31);
    a21 = b21 ^ (~b31 & b41);
    a31 = b31 ^ (~b41 & b01);
    a41 = b41 ^ (~b01 & b11);
    a02 = b02 ^ (~b12 & b22);
    a12 = b12 ^ (~b22 & b32);
    a22 = b22 ^ (~b32 & b42);
    a32 = b32 ^ (~b42 & b02);
    a42 = b42 ^ (~b02 & b12);
    a03 = b03 ^ (~b13 & b23);
    a13 = b13 ^ (~b23 & b33);
    a23 = b23 ^ (~b33 & b43);
    a33 = b33 ^ (~b43 & b03);
    a43 = b43 ^ (~b03 & b13);
    a04 = b04 ^ (~b14 & b24);
    a14 = b14 ^ (~b24 & b34);
    a24 = b24 ^ (~b34 & b44);
    a34 = b34 ^ (~b44 & b04);
    a44 = b44 ^ (~b04 & b14);
  }

  // Of the last round only lanes 1 to 3, of which iota changes none.
  let c0 = a00 ^ a01 ^ a02 ^ a03 ^ a04;
  let c1 = a10 ^ a11 ^ a12 ^ a13 ^ a14;
  let c2 = a20 ^ a21 ^ a22 ^ a23 ^ a24;
  let c3 = a30 ^ a31 ^ a32 ^ a33 ^ a34;
  let c4 = a40 ^ a41 ^ a42 ^ a43 ^ a44;
  let d0 = c4 ^ turn(c1, 1u);
  let d1 = c0 ^ turn(c2, 1u);
  let d2 = c1 ^ turn(c3, 1u);
  let d3 = c2 ^ turn(c4, 1u);
  let d4 = c3 ^ turn(c0, 1u);
  let b00 = a00 ^ d0;
  let b10 = turn(a11 ^ d1, 44u);
  let b20 = turn(a22 ^ d2, 43u);
  let b30 = turn(a33 ^ d3, 21u);
  let b40 = turn(a44 ^ d4, 14u);
  let lane1 = b10 ^ (~b20 & b30);
  let lane2 = b20 ^ (~b30 & b40);
  let lane3 = b30 ^ (~b40 & b00);
  return Address(lane1.y, lane2.x, lane2.y, lane3.x, lane3.y);
}

// create2-search/search.wgsl
// needs lib/work.wgsl lib/wide.wgsl lib/hash.wgsl
//
// The only pass: lanes take the round's nonces in turn. Input words: 0 layout version, 1 log2 of the block size, 2-3 first nonce.

const LAYOUT_VERSION = 1u;
const MOST_UNIT_LOG2 = 10u;

var<workgroup> digestLowHere: atomic<u32>;
var<workgroup> digestHighHere: atomic<u32>;
var<workgroup> hashedHere: atomic<u32>;
var<workgroup> unitsHere: atomic<u32>;

@compute @workgroup_size(64)
fn search(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  // A unit is 2^10 nonces, or a whole block where that has fewer.
  let unitLog2 = min(MOST_UNIT_LOG2, input[1]);
  let last = (1u << unitLog2) - 1u;
  let count = work.units << unitLog2;
  let first = add64(vec2(input[2], input[3]), shiftLeft64(work.unit, unitLog2));
  var digest = vec2(0u);
  var hashed = 0u;
  var units = 0u;
  for (var i = id.x; i < count; i += 64u * groups.x) {
    let nonce = add64(first, vec2(i, 0u));
    let address = addressOf(nonce);
    if (isShare(address)) {
      recordShare(address, nonce);
    }
    digest = add64(digest, hashOf(nonce, address));
    hashed++;
    // A unit counts where its last nonce was hashed.
    units += select(0u, 1u, (i & last) == last);
  }
  let before = atomicAdd(&digestLowHere, digest.x);
  atomicAdd(&digestHighHere, digest.y + select(0u, 1u, before + digest.x < before));
  atomicAdd(&hashedHere, hashed);
  atomicAdd(&unitsHere, units);
  workgroupBarrier();
  if (lane == 0u) {
    addToDigest(vec2(atomicLoad(&digestLowHere), atomicLoad(&digestHighHere)));
    atomicAdd(&result.performed, atomicLoad(&hashedHere));
    atomicAdd(&result.units, atomicLoad(&unitsHere));
  }
  if (id.x == 0u) {
    atomicAdd(&result.announced, count);
    atomicAdd(&result.sentinel, work.nonce);
    if (input[0] != LAYOUT_VERSION) {
      atomicOr(&result.failure, 1u);
    }
  }
}

fn hashOf(nonce: vec2<u32>, a: Address) -> vec2<u32> {
  var lanes = mixWord(mixWord(work.seed, nonce.x), nonce.y);
  lanes = mixWord(mixWord(lanes, a.w0), a.w1);
  lanes = mixWord(mixWord(lanes, a.w2), a.w3);
  return endHash(mixWord(lanes, a.w4));
}

// create2-search/share.wgsl
// needs lib/work.wgsl
//
// The pattern that makes a nonce an output. Input words: 6 how many zero bytes, 8-12 the mask, 13-17 the value.

fn isShare(a: Address) -> bool {
  let differs = ((a.w0 & input[8]) ^ input[13])
    | ((a.w1 & input[9]) ^ input[14])
    | ((a.w2 & input[10]) ^ input[15])
    | ((a.w3 & input[11]) ^ input[16])
    | ((a.w4 & input[12]) ^ input[17]);
  let zeros = zeroBytes(a.w0) + zeroBytes(a.w1) + zeroBytes(a.w2) + zeroBytes(a.w3) + zeroBytes(a.w4);
  return differs == 0u && zeros >= input[6];
}

// How many of the four bytes are zero: the sum sets a byte's high bit where its other bits are not all 0.
fn zeroBytes(w: u32) -> u32 {
  return countOneBits(~(((w & 0x7f7f7f7fu) + 0x7f7f7f7fu) | w | 0x7f7f7f7fu));
}

// The address, then the nonce.
fn recordShare(a: Address, nonce: vec2<u32>) {
  let at = 7u * atomicAdd(&result.records, 1u);
  if (at + 7u > arrayLength(&result.record)) {
    return;
  }
  result.record[at] = a.w0;
  result.record[at + 1u] = a.w1;
  result.record[at + 2u] = a.w2;
  result.record[at + 3u] = a.w3;
  result.record[at + 4u] = a.w4;
  result.record[at + 5u] = nonce.x;
  result.record[at + 6u] = nonce.y;
}
