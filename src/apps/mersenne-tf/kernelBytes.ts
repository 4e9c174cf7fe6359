import { KernelFailedError } from '../../protocol/errors.ts'
import { blocksOf, candidateOf, kRangeOf } from './candidates.ts'
import type { Input, Output } from './input.ts'

const LAYOUT_VERSION = 1

/** 40 bytes; `wasm/mersenne-tf/README.md` documents the fields. */
export function encodeInput(input: Input): Uint8Array {
  const bytes = new Uint8Array(40)
  const view = new DataView(bytes.buffer)
  const { first, last } = kRangeOf(input)
  view.setUint32(0, LAYOUT_VERSION, true)
  view.setUint32(4, input.exponent, true)
  view.setUint32(8, input.blockLog2, true)
  view.setBigUint64(16, blocksOf(input).first, true)
  view.setBigUint64(24, first, true)
  view.setBigUint64(32, last, true)
  return bytes
}

/**
 * @param record 24 bytes: k as u64, f as u128, little-endian
 * @throws KernelFailedError when f is not 2kp + 1
 */
export function decodeOutput(record: Uint8Array, input: Input): Output {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength)
  if (record.byteLength !== 24) {
    throw new KernelFailedError('mersenne-tf', `a record has ${record.byteLength} bytes, not 24`)
  }
  const k = view.getBigUint64(0, true)
  const factor = view.getBigUint64(8, true) | (view.getBigUint64(16, true) << 64n)
  if (k === 0n || factor !== candidateOf(input.exponent, k)) {
    throw new KernelFailedError('mersenne-tf', `factor ${factor} does not belong to k = ${k}`)
  }
  return { k: String(k), factor: String(factor) }
}
