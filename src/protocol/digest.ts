import type { Slice } from './slice.ts'

/** An unsigned 64-bit number; sums wrap. */
export type Digest = bigint

/** An unsigned 64-bit number, fresh for every leased slice. */
export type Seed = bigint

const MASK64 = (1n << 64n) - 1n

/**
 * Mixes 32-bit words into 64 bits, starting from a seed. Two 32-bit lanes and nothing but u32 operations, so that WGSL,
 * WASM and TypeScript give the same bits. For fixed words it is a bijection of the seed, and for a fixed seed each
 * word acts bijectively. Not cryptographic, and it need not be: what protects a digest is that nobody knows the residues
 * without computing them. Multipliers are those of MurmurHash3's 32-bit finalizer (Appleby, public domain).
 *
 * @param seed unsigned 64-bit
 * @param words each taken modulo 2^32
 */
export function hashWords(seed: Seed, words: readonly number[]): Digest {
  let a = Number(seed & 0xffffffffn) | 0
  let b = Number((seed >> 32n) & 0xffffffffn) | 0
  for (const word of words) {
    a = Math.imul(a ^ word, 0x85ebca6b)
    a ^= a >>> 13
    b = Math.imul(b + a, 0xc2b2ae35)
    b ^= b >>> 16
    a = (a + b) | 0
  }
  // Two rounds with no input, so that the last word reaches every bit.
  for (let round = 0; round < 2; round++) {
    a = Math.imul(a, 0x85ebca6b)
    a ^= a >>> 13
    b = Math.imul(b + a, 0xc2b2ae35)
    b ^= b >>> 16
    a = (a + b) | 0
  }
  return (BigInt(b >>> 0) << 32n) | BigInt(a >>> 0)
}

/** Wrapping 64-bit sum: order-free, so lanes and workers may add in any order; additive, so slices agree with their items. */
export function addDigests(a: Digest, b: Digest): Digest {
  return (a + b) & MASK64
}

/**
 * The seed of one slice of a grant. A grant carries one random seed; each of its slices gets its own from it, so a task
 * of a thousand slices travels as a few numbers.
 */
export function sliceSeed(grantSeed: Seed, slice: Slice): Seed {
  return hashWords(grantSeed, [slice.start >>> 0, Math.floor(slice.start / 2 ** 32), slice.log2])
}

/** 8 bytes, little-endian. */
export function digestToBytes(digest: Digest): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, digest, true)
  return bytes
}

/** @param bytes 8 bytes, little-endian */
export function digestFromBytes(bytes: Uint8Array): Digest {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true)
}
