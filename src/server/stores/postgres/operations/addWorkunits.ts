import * as v from 'valibot'
import { creditFor, creditSchema } from '../../../../protocol/credit.ts'
import { NotFoundError } from '../../../../protocol/errors.ts'
import type { BatchId } from '../../../../protocol/ids.ts'
import { BatchTooLargeError, MAX_BATCH_CREDIT } from '../../errors.ts'
import type { NewWorkunit } from '../../store.ts'
import type { Database } from '../database.ts'

const MAX_ITEMS = BigInt(Number.MAX_SAFE_INTEGER)

/** Who adds to the same batch at the same time waits here. */
const LOCK = `
  SELECT no, items::text, credit::text FROM batches WHERE id = $1 FOR NO KEY UPDATE`
const lockRows = v.array(v.object({ no: v.number(), items: creditSchema, credit: creditSchema }))

const ADD = `
  INSERT INTO workunits (batch, position, input, source, key, item_count, item_cost)
  SELECT $1, $2 + at - 1, input, source, key, item_count, item_cost
  FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[])
    WITH ORDINALITY AS given (input, source, key, item_count, item_cost, at)
  ON CONFLICT (batch, position) DO NOTHING
  RETURNING position`
const addedRows = v.array(v.object({ position: v.number() }))

const COUNT = `
  UPDATE batches SET workunits = workunits + $2, items = $3, credit = $4 WHERE no = $1`

export async function addWorkunits(
  db: Database,
  id: BatchId,
  from: number,
  workunits: readonly NewWorkunit[],
): Promise<void> {
  await db.transaction(async (connection) => {
    const [batch] = v.parse(lockRows, await connection.rows(LOCK, [id]))
    if (batch === undefined) throw new NotFoundError('batch', id)
    const added = v.parse(
      addedRows,
      await connection.rows(ADD, [
        batch.no,
        from,
        workunits.map(({ input }) => JSON.stringify(input)),
        workunits.map(({ source }) => source),
        workunits.map(({ key }) => key),
        workunits.map(({ itemCount }) => itemCount),
        workunits.map(({ itemCost }) => itemCost),
      ]),
    )
    let { items, credit } = batch
    for (const { position } of added) {
      const workunit = workunits[position - from]
      if (workunit === undefined) continue
      items += BigInt(workunit.itemCount)
      credit += creditFor(workunit.itemCount, workunit.itemCost)
    }
    if (items > MAX_ITEMS) throw new BatchTooLargeError('items', MAX_ITEMS)
    if (credit > MAX_BATCH_CREDIT) throw new BatchTooLargeError('credit', MAX_BATCH_CREDIT)
    await connection.rows(COUNT, [batch.no, added.length, items, credit])
  })
}
