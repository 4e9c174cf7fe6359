import * as v from 'valibot'
import { NotFoundError } from '../../../../protocol/errors.ts'
import type { BatchId } from '../../../../protocol/ids.ts'
import type { Database } from '../database.ts'

const GET = 'SELECT no FROM batches WHERE id = :id'
const row = v.object({ no: v.number() })

/**
 * The number by which rows point at a batch.
 * @throws NotFoundError
 */
export function batchNo(db: Database, id: BatchId): number {
  const found = db.statement(GET).get({ id })
  if (!found) throw new NotFoundError('batch', id)
  return v.parse(row, found).no
}
