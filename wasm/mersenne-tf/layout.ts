/** The memory map: everything is static, so preparing another workunit leaks nothing. Addresses are 16-byte aligned. */

/** The sieve strikes multiples of the odd primes below this; it belongs to the app version. */
export const SIEVE_BOUND: u32 = 65536
/** See README.md for the fields. */
export const INPUT: usize = 1024
export const INPUT_BYTES: i32 = 40

/** Output records, sorted by k. */
export const RECORDS: usize = 2048
export const RECORD_BYTES: usize = 24
export const MAX_RECORDS: i32 = 1024

/** One byte per number below SIEVE_BOUND, while the primes are found; the bits of one class afterwards. */
export const BITS: usize = 32768
/** Values of k sieved at a time: 2^19, so 16 KiB of bits for each class stay in a first-level cache. */
export const SEGMENT_LOG2: u32 = 19

/** u32 each: the primes, and for each class of k the first j with q | f. */
export const PRIMES: usize = BITS + 65536
export const STARTS_A: usize = PRIMES + 32768
export const STARTS_B: usize = STARTS_A + 32768

/** Candidates tested together, as u32 arrays: limbs of f and x, the negated inverse of f, and k. */
export const BATCH: usize = STARTS_B + 32768
export const BATCH_SIZE: i32 = 128
export const F0: usize = 0
export const F1: usize = 512
export const F2: usize = 1024
export const NEG_INVERSE: usize = 1536
export const X0: usize = 2048
export const X1: usize = 2560
export const X2: usize = 3072
export const K_LOW: usize = 3584
export const K_HIGH: usize = 4096
