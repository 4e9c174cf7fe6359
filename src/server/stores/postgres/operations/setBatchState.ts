import * as v from 'valibot'
import { NotFoundError } from '../../../../protocol/errors.ts'
import type { BatchId } from '../../../../protocol/ids.ts'
import { batchStateSchema } from '../../rows.ts'
import type { BatchState } from '../../store.ts'
import type { Connection } from '../database.ts'

const SET = `
  UPDATE batches SET state = CASE state WHEN 'cancelled' THEN state ELSE $2 END WHERE id = $1
  RETURNING state`
const rows = v.array(v.object({ state: batchStateSchema }))

export async function setBatchState(
  db: Connection,
  id: BatchId,
  state: BatchState,
): Promise<BatchState> {
  const [changed] = v.parse(rows, await db.rows(SET, [id, state]))
  if (changed === undefined) throw new NotFoundError('batch', id)
  return changed.state
}
