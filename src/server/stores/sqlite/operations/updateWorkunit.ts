import * as v from 'valibot'
import { FencedError, NotFoundError } from '../../../../protocol/errors.ts'
import { sizeOf } from '../../../../protocol/intervalSet.ts'
import type { WorkunitUpdate } from '../../store.ts'
import { workunitPlace } from '../../workunitPlace.ts'
import type { Database } from '../database.ts'
import type { batchSums } from './addToBatches.ts'

const GET = `
  SELECT workunits.batch, epoch, item_count AS itemCount,
    workunits.items_reported AS itemsReported, workunits.items_final AS itemsFinal
  FROM batches JOIN workunits ON workunits.batch = batches.no
  WHERE batches.id = :batch AND position = :position`
const row = v.object({
  batch: v.number(),
  epoch: v.number(),
  itemCount: v.number(),
  itemsReported: v.number(),
  itemsFinal: v.number(),
})

const SET = `
  UPDATE workunits SET reported = :reported, final = :final,
    items_reported = :itemsReported, items_final = :itemsFinal
  WHERE batch = :batch AND position = :position`

/** Keeps the index of what is owned as small as what is being worked on. */
const END_CLAIM = `
  UPDATE workunits SET owner = NULL, opening = NULL, held_until = NULL
  WHERE batch = :batch AND position = :position`

/**
 * Writes the sets, if the epoch still holds, and adds what that changes to the batch's counters.
 * @throws FencedError
 * @throws NotFoundError
 */
export function updateWorkunit(
  db: Database,
  { id, epoch, reported, final }: WorkunitUpdate,
  sums: ReturnType<typeof batchSums>,
): void {
  const { batch: batchId, position } = workunitPlace(id)
  const found = db.statement(GET).get({ batch: batchId, position })
  if (!found) throw new NotFoundError('workunit', id)
  const old = v.parse(row, found)
  if (old.epoch !== epoch) throw new FencedError(id, epoch)

  const { batch, itemCount } = old
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
  const isFinished = itemsFinal === itemCount
  if (isFinished) db.statement(END_CLAIM).run({ batch, position })

  const add = sums.of(batch)
  add.itemsReported += itemsReported - old.itemsReported
  add.itemsFinal += itemsFinal - old.itemsFinal
  add.finished += Number(isFinished) - Number(old.itemsFinal === itemCount)
}
