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
