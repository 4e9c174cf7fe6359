// Where each prime first strikes: k = 4j + c gives f = 8pj + 2pc + 1, so q | f where j = -(2pc + 1) / 8p mod q. All
// factors are below 2^16, so products fit a word.

// 1 / a mod q by Euclid's algorithm.
fn invert(a: u32, q: u32) -> u32 {
  var r = vec2<i32>(i32(q), i32(a));
  var t = vec2<i32>(0, 1);
  while (r.y != 0) {
    let quotient = r.x / r.y;
    r = vec2(r.y, r.x - quotient * r.y);
    t = vec2(t.y, t.x - quotient * t.y);
  }
  return u32(select(t.x, t.x + i32(q), t.x < 0));
}

// Prepares, after findPrimes: one lane for each prime.
@compute @workgroup_size(64)
fn findStrikes(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= PRIMES) {
    return;
  }
  let q = state.primes[id.x];
  if (q == 0u) {
    state.strikes[id.x] = 0u;
    state.strikes[PRIMES + id.x] = 0u;
    return;
  }
  let p = exponent() % q;
  let inverse = invert((8u * p) % q, q);
  let first = q - inverse;
  let second = (q - (inverse * ((2u * p * residueOf(1u) + 1u) % q)) % q) % q;
  state.strikes[id.x] = q | (first << 16u);
  state.strikes[PRIMES + id.x] = q | (second << 16u);
}

// First in a round: one lane for each prime and class. It also empties the list of survivors.
@compute @workgroup_size(64)
fn aim(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x == 0u) {
    atomicStore(&scratch.survivors, 0u);
  }
  if (id.x >= 2u * PRIMES) {
    return;
  }
  let strike = state.strikes[id.x];
  let q = strike & 0xffffu;
  if (q == 0u) {
    state.aims[id.x] = 0u;
    return;
  }
  let at = (strike >> 16u) + q - remainder64(firstJ(), q);
  state.aims[id.x] = q | (select(at, at - q, at >= q) << 16u);
}
