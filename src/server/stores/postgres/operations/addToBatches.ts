import type { Connection } from '../database.ts'
import type { BatchSums } from './updateWorkunits.ts'

const ADD = `
  UPDATE batches SET finished = batches.finished + more.finished,
    items_reported = batches.items_reported + more.items_reported,
    items_final = batches.items_final + more.items_final,
    credit_reported = batches.credit_reported + more.credit_reported,
    credit_final = batches.credit_final + more.credit_final, results = batches.results + more.results
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
    AS more (no, finished, items_reported, items_final, credit_reported, credit_final, results)
  WHERE batches.no = more.no`

/** Their claims end, which keeps the index of what is owned as small as what is being worked on. */
const FINISH = `
  UPDATE workunits SET owner = NULL, opening = NULL, held_until = NULL, finished_at = done.finished_at,
    finished_no = at + (SELECT finishes FROM batches WHERE no = $1)
  FROM unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY AS done (place, finished_at, at)
  WHERE batch = $1 AND position = place`

const COUNT_FINISHES = 'UPDATE batches SET finishes = finishes + $2 WHERE no = $1'

/** @param results how many results there are more, by batch number */
export async function addToBatches(
  connection: Connection,
  batches: readonly BatchSums[],
  results: ReadonlyMap<number, number>,
): Promise<void> {
  const sums = new Map(batches.map((sum) => [sum.batch, sum]))
  const numbers = [...new Set([...sums.keys(), ...results.keys()])]
  if (numbers.length === 0) return
  const column = <Value>(of: (sum: BatchSums) => Value, none: Value) =>
    numbers.map((no) => {
      const sum = sums.get(no)
      return sum === undefined ? none : of(sum)
    })
  await connection.rows(ADD, [
    numbers,
    column(({ finished }) => finished, 0),
    column(({ itemsReported }) => itemsReported, 0),
    column(({ itemsFinal }) => itemsFinal, 0),
    column(({ creditReported }) => creditReported, 0n),
    column(({ creditFinal }) => creditFinal, 0n),
    numbers.map((no) => results.get(no) ?? 0),
  ])
  for (const { batch, justFinished } of batches) {
    if (justFinished.length === 0) continue
    const positions = justFinished.map(({ position }) => position)
    await connection.rows(FINISH, [batch, positions, justFinished.map(({ at }) => at)])
    await connection.rows(COUNT_FINISHES, [batch, positions.length])
  }
}
