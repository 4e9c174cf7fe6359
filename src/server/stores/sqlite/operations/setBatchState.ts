import { NotFoundError } from '../../../../protocol/errors.ts'
import type { BatchId } from '../../../../protocol/ids.ts'
import type { BatchState } from '../../store.ts'
import type { Database } from '../database.ts'

const SET = 'UPDATE batches SET state = :state WHERE id = :id'

export function setBatchState(db: Database, id: BatchId, state: BatchState): void {
  if (db.statement(SET).run({ id, state }).changes === 0) throw new NotFoundError('batch', id)
}
