import type { BatchId } from '../../../../protocol/ids.ts'
import type { Page, StoredBatch } from '../../store.ts'
import type { Database } from '../database.ts'
import { batchColumns, batchOf } from '../rows.ts'

const GET = `SELECT ${batchColumns} FROM batches WHERE id = :id`
const FIRST = `SELECT ${batchColumns} FROM batches ORDER BY no DESC LIMIT :limit`
const NEXT = `
  SELECT ${batchColumns} FROM batches
  WHERE no < (SELECT no FROM batches WHERE id = :after) ORDER BY no DESC LIMIT :limit`

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
