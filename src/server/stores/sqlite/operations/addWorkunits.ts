import type { BatchId } from '../../../../protocol/ids.ts'
import { BatchTooLargeError } from '../../errors.ts'
import type { NewWorkunit } from '../../store.ts'
import type { Database } from '../database.ts'
import { batchNo } from './batchNo.ts'

const MAX_ITEMS = Number.MAX_SAFE_INTEGER

const ADD = `
  INSERT INTO workunits (batch, position, input, source, item_count, item_cost)
  VALUES (:batch, :position, :input, :source, :itemCount, :itemCost)
  ON CONFLICT (batch, position) DO NOTHING`

/** No row where the sum would not be exact any more. */
const COUNT = `
  UPDATE batches SET workunits = workunits + :workunits, items = items + :items
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
    workunits.forEach(({ input, source, itemCount, itemCost }, i) => {
      const position = from + i
      const row = { batch, position, input: JSON.stringify(input), source, itemCount, itemCost }
      if (db.statement(ADD).run(row).changes === 0) return
      added++
      items += BigInt(itemCount)
    })
    if (
      items > MAX_ITEMS ||
      db.statement(COUNT).run({ workunits: added, items, batch }).changes === 0
    ) {
      throw new BatchTooLargeError('items', MAX_ITEMS)
    }
  })
}
