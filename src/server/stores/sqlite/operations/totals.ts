import type { Totals } from '../../store.ts'
import type { Database } from '../database.ts'
import { totalsOf } from '../../rows.ts'
import { totalsColumns } from '../columns.ts'

const GET = `SELECT ${totalsColumns} FROM totals`

export function totals(db: Database): Totals {
  return totalsOf(db.statement(GET).get())
}
