/**
 * Random numbers that can be had again: the seed is printed, and WEFT_TEST_SEED gives it back. Marsaglia's xorshift32,
 * "Xorshift RNGs", 2003.
 *
 * @returns numbers from 0 up to 1, as Math.random gives them
 */
export function seededRandom(what: string): () => number {
  const seed = Number(process.env['WEFT_TEST_SEED'] ?? Date.now() % 2 ** 31)
  console.log(`${what}: WEFT_TEST_SEED=${seed}`)
  // Zero is the one state that xorshift never leaves.
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
