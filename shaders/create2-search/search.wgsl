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
