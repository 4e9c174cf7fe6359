import type { TaskId } from '../../../../protocol/ids.ts'
import type { StoredTask } from '../../store.ts'
import type { Database } from '../database.ts'
import { taskOf } from '../../rows.ts'
import { taskColumns } from '../columns.ts'

const GET = `
  SELECT ${taskColumns} FROM tasks JOIN hosts ON hosts.no = tasks.host WHERE tasks.id = :id`

export function task(db: Database, id: TaskId): StoredTask | undefined {
  const row = db.statement(GET).get({ id })
  return row && taskOf(row)
}
