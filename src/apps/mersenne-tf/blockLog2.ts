/**
 * The block size for real work, about 50 ms of one core: 34 ms up to 2^52 and 52 to 60 ms above, as measured in
 * docs/measurements.md. A device so slow that an item outlasts a stop has its workers ended instead.
 */
export const BLOCK_LOG2 = 23
