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
