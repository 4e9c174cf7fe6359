/**
 * The block size for real work: an item takes 25 to 35 ms of one core of a 2023 server and stays below 250 ms on a
 * phone several times slower, so that a stop is always prompt. Measured in wasm/mersenne-tf/README.md.
 */
export function defaultBlockLog2(bitHi: number): number {
  return bitHi <= 52 ? 23 : 22
}
