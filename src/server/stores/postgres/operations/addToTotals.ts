import type { ReportSums } from '../../groupSums.ts'
import type { Connection } from '../database.ts'

const LOCK = 'SELECT 1 FROM totals FOR NO KEY UPDATE'

const ADD = `
  UPDATE totals SET hosts = hosts + $1, reports = reports + $2, results = results + $3, slices = slices + $4,
    items = items + $5, credit_reported = credit_reported + $6, credit_final = credit_final + $7`

/** Waits until no other coordinator writes reports; until the transaction ends, the others wait. */
export async function lockTotals(connection: Connection): Promise<void> {
  await connection.rows(LOCK)
}

export async function addToTotals(
  connection: Connection,
  sums: ReportSums & {
    readonly hosts: number
    readonly reports: number
    /** By batch. */
    readonly results: ReadonlyMap<number, number>
  },
): Promise<void> {
  const { hosts, reports, slices, items, creditReported, creditFinal } = sums
  const results = [...sums.results.values()].reduce((all, one) => all + one, 0)
  await connection.rows(ADD, [hosts, reports, results, slices, items, creditReported, creditFinal])
}
