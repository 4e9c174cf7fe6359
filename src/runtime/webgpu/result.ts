import type { Digest } from '../../protocol/digest.ts'
import { KernelFailedError } from '../../protocol/errors.ts'

/** The eight words that begin binding 4: the struct `Result` of `shaders/lib/work.wgsl`. */
export const HEADER_BYTES = 32
/** How many output records one submission has room for. */
export const RECORD_ROOM = 1_024

/** What a submission was told to do, as far as its result must agree with it. */
export interface Asked {
  readonly nonce: number
  readonly rounds: number
  readonly units: number
  readonly recordBytes: number
}

/** `crowded`: everything was computed, but there were more output records than room for them. */
export type SubmissionResult =
  | { readonly status: 'done'; readonly digest: Digest; readonly outputs: readonly Uint8Array[] }
  | { readonly status: 'crowded'; readonly records: number }

export function resultBytes(recordBytes: number): number {
  return HEADER_BYTES + RECORD_ROOM * recordBytes
}

/**
 * Reads what a submission left. Its output records are copies, in the order in which lanes happened to write them.
 * @param bytes the header and the records, `resultBytes(asked.recordBytes)` of them
 * @throws KernelFailedError when the result does not say that exactly what was asked for was done. Silent zeros are an error.
 */
export function readResult(app: string, bytes: ArrayBuffer, asked: Asked): SubmissionResult {
  const view = new DataView(bytes)
  const word = (index: number): number => view.getUint32(4 * index, true)
  const sentinel = Math.imul(asked.nonce, asked.rounds) >>> 0
  const wrong = [
    mismatch('sentinel', word(0), sentinel),
    mismatch('units', word(1), asked.units),
    mismatch('work done', word(3), word(2)),
    mismatch('failure', word(7), 0),
  ].filter((text) => text !== undefined)
  if (wrong.length > 0) {
    const rounds = `${asked.units} units in ${asked.rounds} rounds`
    throw new KernelFailedError(app, `of ${rounds} the GPU returned ${wrong.join(', ')}`)
  }
  const records = word(6)
  if (records > RECORD_ROOM) return { status: 'crowded', records }
  const outputs = Array.from({ length: records }, (_, record) =>
    new Uint8Array(bytes, HEADER_BYTES + record * asked.recordBytes, asked.recordBytes).slice(),
  )
  return { status: 'done', digest: view.getBigUint64(16, true), outputs }
}

function mismatch(what: string, actual: number, expected: number): string | undefined {
  return actual === expected ? undefined : `${what} ${actual}, not ${expected}`
}
