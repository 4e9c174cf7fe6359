import type { BatchId, WorkunitId } from '../../../../protocol/ids.ts'
import { resultOf } from '../../rows.ts'
import type { Page, StoredResult } from '../../store.ts'
import { resultColumns } from '../columns.ts'
import type { Connection } from '../database.ts'
import { keysOf, placesOf } from './batchNumbers.ts'

const LIST = `
  SELECT ${resultColumns} FROM results
  WHERE batch = (SELECT no FROM batches WHERE id = $1) AND id > $2 ORDER BY id LIMIT $3`

const OF_WORKUNITS = `
  SELECT ${resultColumns}
  FROM unnest($1::bigint[], $2::bigint[]) AS wanted (no, place)
    JOIN results ON results.batch = wanted.no AND position = place
  ORDER BY results.id`

export async function results(
  db: Connection,
  batch: BatchId,
  { after = -1, limit }: Page,
): Promise<StoredResult[]> {
  return (await db.rows(LIST, [batch, after, limit])).map(resultOf)
}

export async function resultsOf(
  db: Connection,
  workunits: readonly WorkunitId[],
): Promise<StoredResult[]> {
  const places = await placesOf(db, workunits)
  return (await db.rows(OF_WORKUNITS, keysOf(places))).map(resultOf)
}
