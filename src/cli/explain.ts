import { WeftError } from '../protocol/errors.ts'

/** An error as a person reads it: our own in their short sentence, anything else with its stack, because it is a bug. */
export function explain(error: unknown): string {
  if (error instanceof WeftError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
