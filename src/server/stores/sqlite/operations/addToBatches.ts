import type { Credit } from '../../../../protocol/credit.ts'
import type { Database } from '../database.ts'

/** What a group of commits adds to one batch's counters; any of it may be negative but `results`. */
export interface BatchSums {
  finished: number
  itemsReported: number
  itemsFinal: number
  creditReported: Credit
  creditFinal: Credit
  results: number
}

/** By batch number; a batch that is asked for begins at nothing. */
export function batchSums(): {
  of(batch: number): BatchSums
  all(): Iterable<[number, BatchSums]>
} {
  const sums = new Map<number, BatchSums>()
  return {
    of(batch) {
      const known = sums.get(batch) ?? {
        finished: 0,
        itemsReported: 0,
        itemsFinal: 0,
        creditReported: 0n,
        creditFinal: 0n,
        results: 0,
      }
      sums.set(batch, known)
      return known
    },
    all: () => sums,
  }
}

const ADD = `
  UPDATE batches SET finished = finished + :finished, items_reported = items_reported + :itemsReported,
    items_final = items_final + :itemsFinal, credit_reported = credit_reported + :creditReported,
    credit_final = credit_final + :creditFinal, results = results + :results
  WHERE no = :batch`

export function addToBatches(db: Database, sums: ReturnType<typeof batchSums>): void {
  for (const [batch, add] of sums.all()) db.statement(ADD).run({ batch, ...add })
}
