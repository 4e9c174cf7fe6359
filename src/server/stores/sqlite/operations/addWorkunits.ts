import * as v from 'valibot'
import { creditFor, creditSchema } from '../../../../protocol/credit.ts'
import type { BatchId } from '../../../../protocol/ids.ts'
import { BatchTooLargeError, MAX_BATCH_CREDIT } from '../../errors.ts'
import type { NewWorkunit } from '../../store.ts'
import type { Database } from '../database.ts'
import { batchNo } from './batchNo.ts'

const MAX_ITEMS = Number.MAX_SAFE_INTEGER

const ADD = `
  INSERT INTO workunits (batch, position, input, source, key, item_count, item_cost)
  VALUES (:batch, :position, :input, :source, :key, :itemCount, :itemCost)
  ON CONFLICT (batch, position) DO NOTHING`

const CREDIT = 'SELECT CAST(credit AS TEXT) AS credit FROM batches WHERE no = :batch'
const row = v.object({ credit: creditSchema })

/** No row where the sum would not be exact any more. */
const COUNT = `
  UPDATE batches SET workunits = workunits + :workunits, items = items + :items, credit = credit + :credit
  WHERE no = :batch AND items + :items <= ${MAX_ITEMS}`

export function addWorkunits(
  db: Database,
  id: BatchId,
  from: number,
  workunits: readonly NewWorkunit[],
): void {
  db.transaction(() => {
    const batch = batchNo(db, id)
    let added = 0
    let items = 0n
    let { credit } = v.parse(row, db.statement(CREDIT).get({ batch }))
    const before = credit
    workunits.forEach(({ input, source, key, itemCount, itemCost }, i) => {
      const position = from + i
      const json = JSON.stringify(input)
      const workunit = { batch, position, input: json, source, key, itemCount, itemCost }
      if (db.statement(ADD).run(workunit).changes === 0) return
      added++
      items += BigInt(itemCount)
      credit += creditFor(itemCount, itemCost)
    })
    if (credit > MAX_BATCH_CREDIT) throw new BatchTooLargeError('credit', MAX_BATCH_CREDIT)
    const sums = { workunits: added, items, credit: credit - before, batch }
    if (items > MAX_ITEMS || db.statement(COUNT).run(sums).changes === 0) {
      throw new BatchTooLargeError('items', MAX_ITEMS)
    }
  })
}
