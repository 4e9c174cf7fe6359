import type { BatchId, WorkunitId } from '../../../../protocol/ids.ts'
import { resultOf } from '../../rows.ts'
import type { Page, StoredResult } from '../../store.ts'
import { workunitPlace } from '../../workunitPlace.ts'
import { resultColumns } from '../columns.ts'
import type { Database } from '../database.ts'

/** The order of the joins is fixed (CROSS): walk the batch's results, look the hosts up. */
const LIST = `
  SELECT ${resultColumns}
  FROM batches CROSS JOIN results ON results.batch = batches.no CROSS JOIN hosts ON hosts.no = results.host
  WHERE batches.id = :batch AND results.id > :after ORDER BY results.id LIMIT :limit`

const OF_WORKUNIT = `
  SELECT ${resultColumns}
  FROM batches CROSS JOIN results ON results.batch = batches.no CROSS JOIN hosts ON hosts.no = results.host
  WHERE batches.id = :batch AND results.position = :position ORDER BY results.id`

export function results(db: Database, batch: BatchId, { after = -1, limit }: Page): StoredResult[] {
  return db.statement(LIST).all({ batch, after, limit }).map(resultOf)
}

export function resultsOf(db: Database, workunits: readonly WorkunitId[]): StoredResult[] {
  const statement = db.statement(OF_WORKUNIT)
  const found = [...new Set(workunits)].flatMap((id) => statement.all({ ...workunitPlace(id) }))
  return found.map(resultOf).toSorted((a, b) => a.id - b.id)
}
