import { WEFT_VERSION } from '../../protocol/version.ts'
import type { Format } from '../app.ts'
import type { Input, Output } from './input.ts'
import { primenetChecksum, type TrialFactoringResult } from './primenetChecksum.ts'

/** Others name their arithmetic here. All of Weft's compute the same, which is what the app version pins. */
const KERNEL = 'mersenne-tf-1'

/**
 * PrimeNet's JSON line for a trial-factoring result (README.md has its fields and their sources). A workunit that was not
 * computed to its end says `"rangecomplete":false`; with no factors, such a line claims nothing.
 */
export const primenet: Format<Input, Output> = ({ input, key, outputs, complete, finishedAt }) => {
  const factors = outputs.map(({ factor }) => factor)
  const result: TrialFactoringResult = {
    exponent: input.exponent,
    bitlo: input.bitLo,
    bithi: input.bitHi,
    rangecomplete: complete,
    ...(factors.length > 0 && { factors }),
    program: { name: 'weft', version: WEFT_VERSION, kernel: KERNEL },
    timestamp: timestampOf(finishedAt),
  }
  return JSON.stringify({
    worktype: 'TF',
    status: factors.length > 0 ? 'F' : 'NF',
    ...result,
    ...(key !== null && /^[0-9a-f]{32}$/i.test(key) && { aid: key }),
    checksum: { version: 1, checksum: primenetChecksum(result) },
  })
}

/** UTC, to the second below. @param at ms since the epoch */
function timestampOf(at: number): string {
  return new Date(at).toISOString().slice(0, 'YYYY-MM-DD HH:MM:SS'.length).replace('T', ' ')
}
