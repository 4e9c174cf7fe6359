import { KernelFailedError } from '../../protocol/errors.ts'
import { messageOf, saltOf } from './create2.ts'
import { bytesOf, hexOf } from './hex.ts'
import type { Input, Output } from './input.ts'
import { BLOCK_BYTES, padded } from './keccak256.ts'
import { ADDRESS_BYTES } from './pattern.ts'

const LAYOUT_VERSION = 1
const BLOCK_AT = 72
const RECORD_BYTES = ADDRESS_BYTES + 8

/** The 208 bytes that every kernel reads: `wasm/create2-search/README.md` has their layout. */
export function encodeInput(input: Input): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(BLOCK_AT + BLOCK_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, LAYOUT_VERSION, true)
  view.setUint32(4, input.blockLog2, true)
  view.setBigUint64(8, BigInt(input.firstBlock) << BigInt(input.blockLog2), true)
  view.setBigUint64(16, BigInt(input.items), true)
  view.setUint32(24, input.share.zeroBytes, true)
  bytes.set(bytesOf(input.share.mask), 32)
  bytes.set(bytesOf(input.share.value), 32 + ADDRESS_BYTES)
  bytes.set(padded(messageOf(input, 0n)), BLOCK_AT)
  return bytes
}

/**
 * An output record: the address, then the nonce.
 * @throws KernelFailedError when it has another length
 */
export function decodeOutput(record: Uint8Array, input: Input): Output {
  if (record.length !== RECORD_BYTES) {
    throw new KernelFailedError('create2-search', `an output has ${record.length} bytes`)
  }
  const view = new DataView(record.buffer, record.byteOffset)
  return {
    salt: saltOf(input, view.getBigUint64(ADDRESS_BYTES, true)),
    address: hexOf(record.subarray(0, ADDRESS_BYTES)),
  }
}
