import type { BatchId, WorkunitId } from '../../../../protocol/ids.ts'
import type { Page, StoredWorkunit } from '../../store.ts'
import { workunitPlace } from '../../workunitPlace.ts'
import type { Database } from '../database.ts'
import { workunitOf } from '../../rows.ts'
import { workunitColumns } from '../columns.ts'

const OF_BATCH = `
  SELECT ${workunitColumns(':batch')} FROM workunits
  WHERE batch = (SELECT no FROM batches WHERE id = :batch)`
const GET = `${OF_BATCH} AND position = :position`
const LAST = `${OF_BATCH} ORDER BY position DESC LIMIT 1`
const LIST = `${OF_BATCH} AND position > :after ORDER BY position LIMIT :limit`

export function workunit(db: Database, id: WorkunitId): StoredWorkunit | undefined {
  const row = db.statement(GET).get(workunitPlace(id))
  return row && workunitOf(row)
}

export function lastWorkunit(db: Database, batch: BatchId): StoredWorkunit | undefined {
  const row = db.statement(LAST).get({ batch })
  return row && workunitOf(row)
}

export function workunits(
  db: Database,
  batch: BatchId,
  { after = -1, limit }: Page,
): StoredWorkunit[] {
  return db.statement(LIST).all({ batch, after, limit }).map(workunitOf)
}
