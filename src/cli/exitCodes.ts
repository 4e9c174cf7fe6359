import { constants } from 'node:os'
import {
  AppNeededError,
  InterruptedError,
  NoCoordinatorError,
  RefusedError,
  UnreachableError,
} from './errors.ts'

/** What `weft` ends with, for scripts: `weft --help` and docs/operating.md have the same list. */
export const exitCodes = {
  done: { code: 0, meaning: 'done' },
  failed: { code: 1, meaning: 'failed: a file that cannot be read, a port in use, a defect' },
  usage: { code: 2, meaning: 'wrong usage' },
  refused: { code: 3, meaning: 'the coordinator refused' },
  unreachable: { code: 4, meaning: 'no coordinator answers there, or it cannot just now' },
} as const

/** Below a table of commands. */
export function exitCodesHelp(): string {
  const rows = Object.values(exitCodes).map(({ code, meaning }) => `  ${code}      ${meaning}`)
  return [
    '',
    'Exit codes:',
    ...rows,
    '  128+n  ended by signal n (Ctrl+C: 130; nobody reads its output any more: 141)',
  ].join('\n')
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof RefusedError) {
    return (error.details.status >= 500 ? exitCodes.unreachable : exitCodes.refused).code
  }
  if (error instanceof UnreachableError || error instanceof NoCoordinatorError) {
    return exitCodes.unreachable.code
  }
  if (error instanceof AppNeededError) return exitCodes.usage.code
  // As a shell reports a program that its signal ended.
  if (error instanceof InterruptedError) return 128 + constants.signals[error.details.signal]
  return exitCodes.failed.code
}
