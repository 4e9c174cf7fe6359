/** 2^exponent mod modulus, digit by digit from the left: the tests' own, so that no app's arithmetic is held to itself. */
export function powerOfTwo(exponent: bigint, modulus: bigint): bigint {
  let value = 1n
  for (const digit of exponent.toString(2)) {
    value = (value * value * (digit === '1' ? 2n : 1n)) % modulus
  }
  return value
}
