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
