import { NotFoundError } from '../../../../protocol/errors.ts'
import type { BatchId } from '../../../../protocol/ids.ts'
import type { BatchState } from '../../store.ts'
import type { Connection } from '../database.ts'

const SET = 'UPDATE batches SET state = $2 WHERE id = $1 RETURNING no'

export async function setBatchState(db: Connection, id: BatchId, state: BatchState): Promise<void> {
  if ((await db.rows(SET, [id, state])).length === 0) throw new NotFoundError('batch', id)
}
