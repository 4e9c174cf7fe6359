/**
 * What an address must look like: `address & mask` is `value`, and at least so many of its 20 bytes are zero. Both are 20 bytes in
 * lower-case hex, and `value` has no bit outside the mask.
 */
export interface Pattern {
  readonly mask: string
  readonly value: string
  readonly zeroBytes: number
}

export const ADDRESS_BYTES = 20

/** What a pattern asks of one byte. */
export interface BytePattern {
  readonly mask: number
  readonly value: number
}

/** From the first byte to the last. */
export function bytesOfPattern({ mask, value }: Pattern): readonly BytePattern[] {
  return Array.from({ length: ADDRESS_BYTES }, (_, i) => ({
    mask: Number.parseInt(mask.slice(2 + 2 * i, 4 + 2 * i), 16),
    value: Number.parseInt(value.slice(2 + 2 * i, 4 + 2 * i), 16),
  }))
}

/** @param address 20 bytes */
export function matches(address: Uint8Array, pattern: Pattern): boolean {
  return (
    bytesOfPattern(pattern).every(({ mask, value }, i) => ((address[i] ?? 0) & mask) === value) &&
    zeroBytesOf(address) >= pattern.zeroBytes
  )
}

/** How many of the bytes are zero. */
export function zeroBytesOf(address: Uint8Array): number {
  return address.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0)
}

/** How many bytes are zero before the first that is not. */
export function leadingZeroBytesOf(address: Uint8Array): number {
  const first = address.findIndex((byte) => byte !== 0)
  return first < 0 ? address.length : first
}

/** The pattern of addresses that begin with so many zero bytes. */
export function leadingZeros(bytes: number): Pattern {
  return {
    mask: `0x${'ff'.repeat(bytes)}${'00'.repeat(ADDRESS_BYTES - bytes)}`,
    value: `0x${'00'.repeat(ADDRESS_BYTES)}`,
    zeroBytes: 0,
  }
}

/** Both at once; undefined where they contradict each other. */
export function both(one: Pattern, other: Pattern): Pattern | undefined {
  const [mask, otherMask, value, otherValue] = [one.mask, other.mask, one.value, other.value].map(
    BigInt,
  ) as [bigint, bigint, bigint, bigint]
  if ((mask & otherMask & (value ^ otherValue)) !== 0n) return undefined
  return {
    mask: addressHex(mask | otherMask),
    value: addressHex(value | otherValue),
    zeroBytes: Math.max(one.zeroBytes, other.zeroBytes),
  }
}

/** 20 bytes of hex, the number's lowest byte last. */
export function addressHex(bits: bigint): string {
  return `0x${bits.toString(16).padStart(2 * ADDRESS_BYTES, '0')}`
}
