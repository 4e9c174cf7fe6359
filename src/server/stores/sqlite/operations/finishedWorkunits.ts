import type { BatchId } from '../../../../protocol/ids.ts'
import { finishedWorkunitOf } from '../../rows.ts'
import type { FinishedWorkunit, Page } from '../../store.ts'
import { finishedColumns, workunitColumns } from '../columns.ts'
import type { Database } from '../database.ts'

const LIST = `
  SELECT ${workunitColumns(':batch')}, ${finishedColumns} FROM workunits
  WHERE batch = (SELECT no FROM batches WHERE id = :batch) AND finished_no > :after
  ORDER BY finished_no LIMIT :limit`

export function finishedWorkunits(
  db: Database,
  batch: BatchId,
  { after = -1, limit }: Page,
): FinishedWorkunit[] {
  return db.statement(LIST).all({ batch, after, limit }).map(finishedWorkunitOf)
}
