import { NotFoundError } from '../../../../protocol/errors.ts'
import { canonicalJson } from '../../../../protocol/statement.ts'
import type { NewResult } from '../../store.ts'
import { workunitPlace } from '../../workunitPlace.ts'
import type { Database } from '../database.ts'
import type { batchSums } from './addToBatches.ts'
import { batchNo } from './batchNo.ts'
import { hostNo } from './hostNo.ts'

const ADD = `
  INSERT INTO results (batch, position, host, state, found_at, output)
  VALUES (:batch, :position, :host, :state, :foundAt, :output)
  ON CONFLICT (batch, position, output) DO NOTHING`

const HAS_WORKUNIT = 'SELECT 1 FROM workunits WHERE batch = :batch AND position = :position'

/**
 * Keeps an output once, whoever reports it how often.
 * @returns how many results there are more: 0 or 1
 */
export function addResult(
  db: Database,
  { workunit, host, output, state, foundAt }: NewResult,
  sums: ReturnType<typeof batchSums>,
): number {
  const { batch: batchId, position } = workunitPlace(workunit)
  const batch = batchNo(db, batchId)
  const place = { batch, position }
  if (!db.statement(HAS_WORKUNIT).get(place)) throw new NotFoundError('workunit', workunit)
  const added = db.statement(ADD).run({
    ...place,
    host: hostNo(db, host),
    state,
    foundAt,
    output: canonicalJson(output),
  })
  const count = Number(added.changes)
  sums.of(batch).results += count
  return count
}
