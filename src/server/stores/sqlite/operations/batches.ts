import type { BatchId } from '../../../../protocol/ids.ts'
import { batchIdOf, batchOf } from '../../rows.ts'
import type { Page, StoredBatch } from '../../store.ts'
import { batchColumns } from '../columns.ts'
import type { Database } from '../database.ts'

const GET = `SELECT ${batchColumns} FROM batches WHERE id = :id`
const FIRST = `SELECT ${batchColumns} FROM batches ORDER BY no DESC LIMIT :limit`
const NEXT = `
  SELECT ${batchColumns} FROM batches
  WHERE no < (SELECT no FROM batches WHERE id = :after) ORDER BY no DESC LIMIT :limit`

/** As the index `batches_unfinished` has it; the index is named because the planner would rather walk the finished ones. */
export const UNFINISHED = `(state = 'open' OR (state = 'sealed' AND finished < workunits))`
const FIRST_UNFINISHED = `
  SELECT id FROM batches INDEXED BY batches_unfinished WHERE ${UNFINISHED} ORDER BY no DESC LIMIT :limit`
const NEXT_UNFINISHED = `
  SELECT id FROM batches INDEXED BY batches_unfinished
  WHERE ${UNFINISHED} AND no < (SELECT no FROM batches WHERE id = :after) ORDER BY no DESC LIMIT :limit`

export function batch(db: Database, id: BatchId): StoredBatch | undefined {
  const row = db.statement(GET).get({ id })
  return row && batchOf(row)
}

export function batches(db: Database, { after, limit }: Page<BatchId>): StoredBatch[] {
  const rows =
    after === undefined
      ? db.statement(FIRST).all({ limit })
      : db.statement(NEXT).all({ after, limit })
  return rows.map(batchOf)
}

export function unfinishedBatches(db: Database, { after, limit }: Page<BatchId>): BatchId[] {
  const rows =
    after === undefined
      ? db.statement(FIRST_UNFINISHED).all({ limit })
      : db.statement(NEXT_UNFINISHED).all({ after, limit })
  return rows.map(batchIdOf)
}
