import * as v from 'valibot'
import { creditFor, creditSchema } from '../../../../protocol/credit.ts'
import { NotFoundError } from '../../../../protocol/errors.ts'
import { sizeOf } from '../../../../protocol/intervalSet.ts'
import type { LastUpdate } from '../../groupSums.ts'
import { workunitPlace } from '../../workunitPlace.ts'
import type { Database } from '../database.ts'
import type { batchSums } from './addToBatches.ts'

const GET = `
  SELECT workunits.batch, epoch, item_count AS itemCount, CAST(item_cost AS TEXT) AS itemCost,
    workunits.items_reported AS itemsReported, workunits.items_final AS itemsFinal
  FROM batches JOIN workunits ON workunits.batch = batches.no
  WHERE batches.id = :batch AND position = :position`
const row = v.object({
  batch: v.number(),
  epoch: v.number(),
  itemCount: v.number(),
  itemCost: creditSchema,
  itemsReported: v.number(),
  itemsFinal: v.number(),
})

const SET = `
  UPDATE workunits SET reported = :reported, final = :final,
    items_reported = :itemsReported, items_final = :itemsFinal
  WHERE batch = :batch AND position = :position`

/** The claim ends, which keeps the index of what is owned as small as what is being worked on. */
const FINISH = `
  UPDATE workunits SET owner = NULL, opening = NULL, held_until = NULL, finished_at = :at,
    finished_no = (SELECT finishes FROM batches WHERE no = :batch)
  WHERE batch = :batch AND position = :position`
const COUNT_FINISH = 'UPDATE batches SET finishes = finishes + 1 WHERE no = :batch'
const REOPEN = `
  UPDATE workunits SET finished_at = NULL, finished_no = NULL
  WHERE batch = :batch AND position = :position`

/**
 * Writes the sets, where the epoch still holds, and adds what that changes to the batch's counters.
 * @returns whether it holds: if it does not, nothing was written
 * @throws NotFoundError
 */
export function updateWorkunit(
  db: Database,
  { id, epoch, reported, final, at }: LastUpdate,
  sums: ReturnType<typeof batchSums>,
): boolean {
  const { batch: batchId, position } = workunitPlace(id)
  const found = db.statement(GET).get({ batch: batchId, position })
  if (!found) throw new NotFoundError('workunit', id)
  const old = v.parse(row, found)
  if (old.epoch !== epoch) return false

  const { batch, itemCount, itemCost } = old
  const itemsReported = sizeOf(reported)
  const itemsFinal = sizeOf(final)
  db.statement(SET).run({
    batch,
    position,
    reported: JSON.stringify(reported),
    final: JSON.stringify(final),
    itemsReported,
    itemsFinal,
  })
  const wasFinished = old.itemsFinal === itemCount
  const isFinished = itemsFinal === itemCount
  if (isFinished && !wasFinished) {
    db.statement(COUNT_FINISH).run({ batch })
    db.statement(FINISH).run({ batch, position, at })
  }
  if (wasFinished && !isFinished) db.statement(REOPEN).run({ batch, position })

  const add = sums.of(batch)
  const moreReported = itemsReported - old.itemsReported
  const moreFinal = itemsFinal - old.itemsFinal
  add.itemsReported += moreReported
  add.itemsFinal += moreFinal
  add.creditReported += creditFor(moreReported, itemCost)
  add.creditFinal += creditFor(moreFinal, itemCost)
  add.finished += Number(isFinished) - Number(wasFinished)
  return true
}
