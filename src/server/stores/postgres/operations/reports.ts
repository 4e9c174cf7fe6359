import type { TaskId } from '../../../../protocol/ids.ts'
import { reportOf, taskOf, totalsOf } from '../../rows.ts'
import type { Page, StoredReport, StoredTask, Totals } from '../../store.ts'
import { reportColumns, taskColumns, totalsColumns } from '../columns.ts'
import type { Connection } from '../database.ts'

const TASK = `
  SELECT ${taskColumns} FROM tasks JOIN hosts ON hosts.no = tasks.host WHERE tasks.id = $1`
const FROM = `
  FROM reports JOIN tasks ON tasks.no = reports.task JOIN hosts ON hosts.no = reports.host`
const GET = `SELECT ${reportColumns} ${FROM} WHERE tasks.id = $1 AND reports.seq = $2`
const LIST = `SELECT ${reportColumns} ${FROM} WHERE reports.id > $1 ORDER BY reports.id LIMIT $2`
const TOTALS = `SELECT ${totalsColumns} FROM totals`

export async function task(db: Connection, id: TaskId): Promise<StoredTask | undefined> {
  const [row] = await db.rows(TASK, [id])
  return row === undefined ? undefined : taskOf(row)
}

export async function report(
  db: Connection,
  id: TaskId,
  seq: number,
): Promise<StoredReport | undefined> {
  const [row] = await db.rows(GET, [id, seq])
  return row === undefined ? undefined : reportOf(row)
}

export async function reports(
  db: Connection,
  { after = -1, limit }: Page,
): Promise<StoredReport[]> {
  return (await db.rows(LIST, [after, limit])).map(reportOf)
}

export async function totals(db: Connection): Promise<Totals> {
  const [row] = await db.rows(TOTALS)
  return totalsOf(row)
}
