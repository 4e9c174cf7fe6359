/** The block size for real work: about 50 ms of one core (docs/measurements.md). */
export const BLOCK_LOG2 = 18
