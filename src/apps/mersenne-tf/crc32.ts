/** The polynomial of IEEE 802.3, its bits reversed. */
const POLYNOMIAL = 0xed_b8_83_20

/** What eight steps make of each byte. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1
  return rest
})

/**
 * CRC-32 as zlib and PNG have it (W3C, "Portable Network Graphics", annex on the cyclic redundancy code).
 * @returns an unsigned 32-bit number
 */
export function crc32(bytes: Uint8Array): number {
  let rest = 0xff_ff_ff_ff
  for (const byte of bytes) rest = (rest >>> 8) ^ (TABLE[(rest ^ byte) & 0xff] ?? 0)
  return ~rest >>> 0
}
