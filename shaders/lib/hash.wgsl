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
