import type { BatchStatus } from '../coordinatorApi.ts'
import type { Printer } from './printer.ts'

/** Whether nothing of it will be computed any more. */
export function isOver(batch: BatchStatus): boolean {
  return batch.state === 'cancelled' || isFinished(batch)
}

function isFinished({ state, finished, workunits }: BatchStatus): boolean {
  return state === 'sealed' && finished === workunits
}

/** In one word. */
export function stateOf(batch: BatchStatus): string {
  if (batch.state === 'cancelled') return 'cancelled'
  return isFinished(batch) ? 'finished' : 'running'
}

/** 0 to 1. */
export function shareDone({ items, itemsReported, itemsFinal }: BatchStatus): number {
  return items === 0 ? 1 : (itemsReported + itemsFinal) / items
}

export function percent(share: number): string {
  // What is not finished never reads 100 %.
  return `${Math.floor(share * 100)} %`
}

/** A batch as names and values. */
export function batchRecord(
  batch: BatchStatus,
  { number }: Pick<Printer, 'number'>,
): [string, string][] {
  const { workunits, finished, items, itemsReported, itemsFinal } = batch
  return [
    ['Batch', batch.id],
    ['Title', batch.title],
    ['App', batch.app],
    ['State', stateOf(batch)],
    ['Done', percent(shareDone(batch))],
    ['Workunits', `${number(finished)} of ${number(workunits)}`],
    ['Items', `${number(itemsReported + itemsFinal)} of ${number(items)}`],
    ['Found', number(batch.results)],
    ['Credit', number(batch.credit)],
    ['Submitted', batch.createdAt],
  ]
}
