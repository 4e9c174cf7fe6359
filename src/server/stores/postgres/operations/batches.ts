import type { BatchId } from '../../../../protocol/ids.ts'
import { batchIdOf, batchOf, unfinishedRequestsOf } from '../../rows.ts'
import type { Page, StoredBatch, UnfinishedRequests } from '../../store.ts'
import { batchColumns } from '../columns.ts'
import type { Connection } from '../database.ts'

/** As the index `batches_unfinished` has it. */
const UNFINISHED = `(state = 'open' OR (state = 'sealed' AND finished < workunits))`
const BEFORE = 'no < (SELECT no FROM batches WHERE id = $2)'

const GET = `SELECT ${batchColumns} FROM batches WHERE id = $1`
const list = (columns: string, condition: string) =>
  `SELECT ${columns} FROM batches WHERE ${condition} ORDER BY no DESC LIMIT $1`
const FIRST = list(batchColumns, 'true')
const NEXT = list(batchColumns, BEFORE)
const FIRST_UNFINISHED = list('id', UNFINISHED)
const NEXT_UNFINISHED = list('id', `${UNFINISHED} AND ${BEFORE}`)

const REQUESTS = `
  SELECT count(*) AS batches, coalesce(sum(workunits - finished), 0)::bigint AS workunits,
    coalesce(sum(credit - credit_reported - credit_final), 0)::text AS credit
  FROM batches WHERE ${UNFINISHED} AND kind = 'request'`

export async function batch(db: Connection, id: BatchId): Promise<StoredBatch | undefined> {
  const [row] = await db.rows(GET, [id])
  return row === undefined ? undefined : batchOf(row)
}

export async function batches(
  db: Connection,
  { after, limit }: Page<BatchId>,
): Promise<StoredBatch[]> {
  const rows =
    after === undefined ? await db.rows(FIRST, [limit]) : await db.rows(NEXT, [limit, after])
  return rows.map(batchOf)
}

export async function unfinishedBatches(
  db: Connection,
  { after, limit }: Page<BatchId>,
): Promise<BatchId[]> {
  const rows =
    after === undefined
      ? await db.rows(FIRST_UNFINISHED, [limit])
      : await db.rows(NEXT_UNFINISHED, [limit, after])
  return rows.map(batchIdOf)
}

export async function unfinishedRequests(db: Connection): Promise<UnfinishedRequests> {
  const [row] = await db.rows(REQUESTS)
  return unfinishedRequestsOf(row)
}
