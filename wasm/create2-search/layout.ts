/** The memory map: everything is static, so preparing another workunit leaks nothing. Addresses are 16-byte aligned. */

/** See README.md for the fields. The compiler puts its own constants below, from 1024 on. */
export const INPUT: usize = 2048
export const INPUT_BYTES: i32 = 208
export const MASK: usize = INPUT + 32
export const VALUE: usize = INPUT + 52
/** The one block that Keccak-256 absorbs. */
export const BLOCK: usize = INPUT + 72
/** Where in it the nonce goes, big-endian. */
export const NONCE: usize = BLOCK + 45

/** Output records, sorted by nonce. */
export const RECORDS: usize = 4096
export const RECORD_BYTES: usize = 28
export const MAX_RECORDS: i32 = 1024

/** The state is 25 lanes of 64 bits, lane x + 5y; each lane is kept for two nonces, in 16 bytes. */
export const STATE_BYTES: usize = 25 * 16
/** What the first round's chi works on, for the item's first nonce. */
export const FIRST: usize = 32768
/** The rounds go from one to the other. */
export const STATE_A: usize = FIRST + 512
export const STATE_B: usize = STATE_A + 512
/** Lanes 1, 2 and 3 of the hashes of two nonces, and of the next two. */
export const HASHES: usize = STATE_B + 512
/** Nine words to hash, for four nonces each. */
export const WORDS: usize = HASHES + 96
