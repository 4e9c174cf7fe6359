import { NotFoundError } from '../../../../protocol/errors.ts'
import type { HostId } from '../../../../protocol/ids.ts'
import type { ReportSums } from '../../groupSums.ts'
import type { Database } from '../database.ts'

const ADD = `
  UPDATE hosts SET slices = slices + :slices, items = items + :items,
    credit_reported = credit_reported + :creditReported, credit_final = credit_final + :creditFinal
  WHERE id = :id`

/** @throws NotFoundError when the host never said hello here */
export function addToHost(db: Database, id: HostId, sums: ReportSums): void {
  const { changes } = db.statement(ADD).run({ id, ...sums })
  if (changes === 0) throw new NotFoundError('host', id)
}
