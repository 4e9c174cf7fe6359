import type { BatchId, WorkunitId } from '../../../../protocol/ids.ts'
import { resultOf } from '../../rows.ts'
import type { Page, StoredResult } from '../../store.ts'
import { workunitPlace } from '../../workunitPlace.ts'
import { resultColumns } from '../columns.ts'
import type { Connection } from '../database.ts'

const LIST = `
  SELECT ${resultColumns}
  FROM batches JOIN results ON results.batch = batches.no JOIN hosts ON hosts.no = results.host
  WHERE batches.id = $1 AND results.id > $2 ORDER BY results.id LIMIT $3`

const OF_WORKUNITS = `
  SELECT ${resultColumns}
  FROM unnest($1::text[], $2::bigint[]) AS wanted (id, place)
    JOIN batches ON batches.id = wanted.id
    JOIN results ON results.batch = batches.no AND results.position = place
    JOIN hosts ON hosts.no = results.host
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
  const places = [...new Set(workunits)].map(workunitPlace)
  const rows = await db.rows(OF_WORKUNITS, [
    places.map(({ batch }) => batch),
    places.map(({ position }) => position),
  ])
  return rows.map(resultOf)
}
