import * as v from 'valibot'
import { NotFoundError } from '../../../../protocol/errors.ts'
import type { BatchId } from '../../../../protocol/ids.ts'
import { batchStateSchema } from '../../rows.ts'
import type { BatchState } from '../../store.ts'
import type { Database } from '../database.ts'

const SET = `
  UPDATE batches SET state = iif(state = 'cancelled', state, :state) WHERE id = :id RETURNING state`
const row = v.object({ state: batchStateSchema })

export function setBatchState(db: Database, id: BatchId, state: BatchState): BatchState {
  const changed = db.statement(SET).get({ id, state })
  if (!changed) throw new NotFoundError('batch', id)
  return v.parse(row, changed).state
}
