import type { TaskId } from '../../../../protocol/ids.ts'
import type { Page, StoredReport } from '../../store.ts'
import type { Database } from '../database.ts'
import { reportOf } from '../../rows.ts'
import { reportColumns } from '../columns.ts'

const GET = `
  SELECT ${reportColumns}
  FROM tasks JOIN reports ON reports.task = tasks.no JOIN hosts ON hosts.no = reports.host
  WHERE tasks.id = :task AND reports.seq = :seq`

/** The order of the joins is fixed (CROSS): walk the reports, look the others up. */
const LIST = `
  SELECT ${reportColumns}
  FROM reports CROSS JOIN tasks ON tasks.no = reports.task CROSS JOIN hosts ON hosts.no = reports.host
  WHERE reports.id > :after ORDER BY reports.id LIMIT :limit`

export function report(db: Database, task: TaskId, seq: number): StoredReport | undefined {
  const row = db.statement(GET).get({ task, seq })
  return row && reportOf(row)
}

export function reports(db: Database, { after = -1, limit }: Page): StoredReport[] {
  return db.statement(LIST).all({ after, limit }).map(reportOf)
}
