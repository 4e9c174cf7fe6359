import type { BatchId } from '../../../../protocol/ids.ts'
import type { Page, StoredResult } from '../../store.ts'
import type { Database } from '../database.ts'
import { resultColumns, resultOf } from '../rows.ts'

/** The order of the joins is fixed (CROSS): walk the batch's results, look the hosts up. */
const LIST = `
  SELECT ${resultColumns}
  FROM batches CROSS JOIN results ON results.batch = batches.no CROSS JOIN hosts ON hosts.no = results.host
  WHERE batches.id = :batch AND results.id > :after ORDER BY results.id LIMIT :limit`

export function results(db: Database, batch: BatchId, { after = -1, limit }: Page): StoredResult[] {
  return db.statement(LIST).all({ batch, after, limit }).map(resultOf)
}
