import { InvalidInputError } from '../../protocol/errors.ts'
import type { SliceReport } from '../../protocol/messages.ts'

/**
 * The slices of one report as one value, so that the rows stored are reports and not slices. After a version byte, each
 * slice is grant, log2 and start as LEB128 (7 bits a byte, low ones first), then its digest's 8 bytes: 11 to 15 bytes for
 * ordinary slices. Numbers go up to 2^53 - 1: slices are kept as they came, and a refused one may say anything.
 */
const VERSION = 1
/** Three numbers of at most 8 bytes each, and a digest. */
const MAX_RECORD_BYTES = 3 * 8 + 8

export function encodeSliceRecords(slices: readonly SliceReport[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(1 + slices.length * MAX_RECORD_BYTES)
  bytes[0] = VERSION
  let at = 1
  for (const [grant, start, log2, digest] of slices) {
    for (let number of [grant, log2, start]) {
      for (; number >= 128; number = Math.floor(number / 128)) bytes[at++] = (number % 128) + 128
      bytes[at++] = number
    }
    bytes.set(digest, at)
    at += 8
  }
  return bytes.slice(0, at)
}

/** @throws InvalidInputError when the bytes were not made by `encodeSliceRecords` */
export function decodeSliceRecords(bytes: Uint8Array): SliceReport[] {
  if (bytes[0] !== VERSION) throw new InvalidInputError('slice records', 'unknown version')
  const slices: SliceReport[] = []
  let at = 1
  const number = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw new InvalidInputError('slice records', 'cut short')
      value += (byte % 128) * scale
      if (!Number.isSafeInteger(value)) throw new InvalidInputError('slice records', 'past 2^53')
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const grant = number()
    const log2 = number()
    const start = number()
    const digest = bytes.slice(at, at + 8)
    if (digest.length < 8) throw new InvalidInputError('slice records', 'cut short')
    slices.push([grant, start, log2, digest])
    at += 8
  }
  return slices
}
