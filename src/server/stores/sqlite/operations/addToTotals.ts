import type { ReportSums } from '../../groupSums.ts'
import type { Database } from '../database.ts'

const ADD = `
  UPDATE totals SET reports = reports + :reports, results = results + :results, slices = slices + :slices,
    items = items + :items, credit_reported = credit_reported + :creditReported,
    credit_final = credit_final + :creditFinal`

export function addToTotals(
  db: Database,
  sums: ReportSums & { reports: number; results: number },
): void {
  db.statement(ADD).run({ ...sums })
}
