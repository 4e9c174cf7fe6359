import type { BatchId, WorkunitId } from '../../../../protocol/ids.ts'
import { finishedWorkunitOf, workunitOf } from '../../rows.ts'
import type { FinishedWorkunit, Page, StoredWorkunit } from '../../store.ts'
import { workunitPlace } from '../../workunitPlace.ts'
import { finishedColumns, workunitColumns } from '../columns.ts'
import type { Connection } from '../database.ts'

const FROM = `FROM workunits WHERE batch = (SELECT no FROM batches WHERE id = $1)`
const GET = `SELECT ${workunitColumns} ${FROM} AND position = $2`
const LAST = `SELECT ${workunitColumns} ${FROM} ORDER BY position DESC LIMIT 1`
const LIST = `SELECT ${workunitColumns} ${FROM} AND position > $2 ORDER BY position LIMIT $3`
const FINISHED = `
  SELECT ${workunitColumns}, ${finishedColumns} ${FROM} AND finished_no > $2
  ORDER BY finished_no LIMIT $3`

export async function workunit(
  db: Connection,
  id: WorkunitId,
): Promise<StoredWorkunit | undefined> {
  const { batch, position } = workunitPlace(id)
  const [row] = await db.rows(GET, [batch, position])
  return row === undefined ? undefined : workunitOf(row)
}

export async function lastWorkunit(
  db: Connection,
  batch: BatchId,
): Promise<StoredWorkunit | undefined> {
  const [row] = await db.rows(LAST, [batch])
  return row === undefined ? undefined : workunitOf(row)
}

export async function workunits(
  db: Connection,
  batch: BatchId,
  { after = -1, limit }: Page,
): Promise<StoredWorkunit[]> {
  return (await db.rows(LIST, [batch, after, limit])).map(workunitOf)
}

export async function finishedWorkunits(
  db: Connection,
  batch: BatchId,
  { after = -1, limit }: Page,
): Promise<FinishedWorkunit[]> {
  return (await db.rows(FINISHED, [batch, after, limit])).map(finishedWorkunitOf)
}
