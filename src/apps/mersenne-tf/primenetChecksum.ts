import { crc32 } from './crc32.ts'

/** What the checksum covers of a trial-factoring result, by the names of its JSON. */
export interface TrialFactoringResult {
  readonly exponent: number
  /** Decimal, the smallest first. */
  readonly factors?: readonly string[]
  readonly bitlo: number
  readonly bithi: number
  readonly rangecomplete: boolean
  readonly program: { readonly name: string; readonly version: string; readonly kernel?: string }
  readonly os?: { readonly os: string; readonly architecture: string }
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly timestamp: string
}

/**
 * PrimeNet's checksum, version 1: the CRC-32 over sixteen fields joined by semicolons, a field that the result lacks being empty
 * (README.md has their order and its sources).
 * @returns 8 hex digits, upper case
 */
export function primenetChecksum(result: TrialFactoringResult): string {
  const { program, os } = result
  const fields = [
    result.exponent,
    'TF',
    (result.factors ?? []).join(','),
    '', // known factors
    result.bitlo,
    result.bithi,
    result.rangecomplete ? 1 : 0,
    '', // FFT length
    '', // error code
    program.name,
    program.version,
    program.kernel ?? '',
    '', // program details
    os?.os ?? '',
    os?.architecture ?? '',
    result.timestamp,
  ]
  const sum = crc32(new TextEncoder().encode(fields.join(';')))
  return sum.toString(16).toUpperCase().padStart(8, '0')
}
