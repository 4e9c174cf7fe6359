import * as v from 'valibot'
import { batchIdSchema, type BatchId } from '../../../../protocol/ids.ts'
import type { Page, StoredBatch } from '../../store.ts'
import type { Database } from '../database.ts'
import { batchColumns, batchOf } from '../rows.ts'

const GET = `SELECT ${batchColumns} FROM batches WHERE id = :id`
const first = (columns: string) => `
  SELECT ${columns} FROM batches ORDER BY no DESC LIMIT :limit`
const next = (columns: string) => `
  SELECT ${columns} FROM batches
  WHERE no < (SELECT no FROM batches WHERE id = :after) ORDER BY no DESC LIMIT :limit`

const idRow = v.object({ id: batchIdSchema })

export function batch(db: Database, id: BatchId): StoredBatch | undefined {
  const row = db.statement(GET).get({ id })
  return row && batchOf(row)
}

export function batches(db: Database, page: Page<BatchId>): StoredBatch[] {
  return list(db, batchColumns, page).map(batchOf)
}

export function batchIds(db: Database, page: Page<BatchId>): BatchId[] {
  return list(db, 'id', page).map((row) => v.parse(idRow, row).id)
}

function list(db: Database, columns: string, { after, limit }: Page<BatchId>): unknown[] {
  return after === undefined
    ? db.statement(first(columns)).all({ limit })
    : db.statement(next(columns)).all({ after, limit })
}
