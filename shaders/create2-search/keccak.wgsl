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
