import type { Totals } from '../../store.ts'
import type { Database } from '../database.ts'
import { totalsColumns, totalsOf } from '../rows.ts'

const GET = `SELECT ${totalsColumns} FROM totals`

export function totals(db: Database): Totals {
  return totalsOf(db.statement(GET).get())
}
