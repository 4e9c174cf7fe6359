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
