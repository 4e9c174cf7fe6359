import type { Assimilator } from '../app.ts'
import type { Input, Output } from './input.ts'

/** The factors of a workunit, each once, the smallest first. */
export const assimilator: Assimilator<Input, Output> = {
  fold(_input, outputs) {
    const byFactor = new Map(Array.from(outputs, (output) => [BigInt(output.factor), output]))
    return [...byFactor].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, output]) => output)
  },
}
