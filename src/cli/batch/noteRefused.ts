import type { Submitted } from '../coordinatorApi.ts'
import type { Printer } from './printer.ts'

/** Tells people which lines were left out, and why. */
export function noteRefused(
  { refused, refusedCount }: Pick<Submitted, 'refused' | 'refusedCount'>,
  { note, number }: Printer,
): void {
  for (const { line, reason } of refused) note(`Line ${line} was left out: ${reason}`)
  const others = refusedCount - refused.length
  if (others > 0) note(`${number(others)} more lines were left out.`)
}
