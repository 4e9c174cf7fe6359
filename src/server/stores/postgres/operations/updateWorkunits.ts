import * as v from 'valibot'
import { creditFor, creditSchema, type Credit } from '../../../../protocol/credit.ts'
import { FencedError, NotFoundError } from '../../../../protocol/errors.ts'
import { sizeOf } from '../../../../protocol/intervalSet.ts'
import type { LastUpdate } from '../../groupSums.ts'
import type { Connection } from '../database.ts'
import { keysOf, placesOf } from './batchNumbers.ts'

const LOCK = `
  SELECT batch, position, epoch, item_count AS "itemCount", item_cost::text AS "itemCost",
    items_reported AS "itemsReported", items_final AS "itemsFinal"
  FROM unnest($1::bigint[], $2::bigint[]) AS wanted (no, place)
    JOIN workunits ON batch = wanted.no AND position = place
  ORDER BY batch, position FOR NO KEY UPDATE OF workunits`
const rows = v.array(
  v.object({
    batch: v.number(),
    position: v.number(),
    epoch: v.number(),
    itemCount: v.number(),
    itemCost: creditSchema,
    itemsReported: v.number(),
    itemsFinal: v.number(),
  }),
)
type Row = v.InferOutput<typeof rows>[number]

/** The number of one that is finished is given later (`addToBatches`); one that is opened again loses it. */
const SET = `
  UPDATE workunits SET reported = new.reported, final = new.final,
    items_reported = new.items_reported, items_final = new.items_final,
    finished_no = CASE WHEN new.items_final = item_count THEN finished_no END,
    finished_at = CASE WHEN new.items_final = item_count THEN finished_at END
  FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
    AS new (batch, place, reported, final, items_reported, items_final)
  WHERE workunits.batch = new.batch AND position = place`

/** What a group changes about one batch. */
export interface BatchSums {
  readonly batch: number
  finished: number
  itemsReported: number
  itemsFinal: number
  creditReported: Credit
  creditFinal: Credit
  /** Those that are finished now and were not, in the order in which that happened. */
  readonly justFinished: { readonly position: number; readonly at: number }[]
}

/**
 * Writes the sets, if every epoch still holds.
 * @returns what that changes, batch by batch
 * @throws FencedError, NotFoundError
 */
export async function updateWorkunits(
  connection: Connection,
  updates: readonly LastUpdate[],
): Promise<BatchSums[]> {
  if (updates.length === 0) return []
  const places = await placesOf(
    connection,
    updates.map(({ id }) => id),
  )
  const found = v.parse(rows, await connection.rows(LOCK, keysOf(places)))
  const byKey = new Map(found.map((row) => [`${row.batch} ${row.position}`, row]))
  const byId = new Map(
    places.map(({ id, batch, position }) => [id, byKey.get(`${batch} ${position}`)]),
  )
  const changes = updates.map((update) => {
    const old = byId.get(update.id)
    if (old === undefined) throw new NotFoundError('workunit', update.id)
    return { update, old }
  })
  const fenced = changes.filter(({ update, old }) => old.epoch !== update.epoch)
  if (fenced.length > 0) throw new FencedError(fenced.map(({ update }) => update.id))
  await connection.rows(SET, [
    changes.map(({ old }) => old.batch),
    changes.map(({ old }) => old.position),
    updates.map(({ reported }) => JSON.stringify(reported)),
    updates.map(({ final }) => JSON.stringify(final)),
    updates.map(({ reported }) => sizeOf(reported)),
    updates.map(({ final }) => sizeOf(final)),
  ])
  const sums = new Map<number, BatchSums>()
  for (const { update, old } of changes) addChange(sums, update, old)
  return [...sums.values()]
}

function addChange(sums: Map<number, BatchSums>, update: LastUpdate, old: Row): void {
  const { batch, position, itemCount, itemCost } = old
  const sum = sums.get(batch) ?? {
    batch,
    finished: 0,
    itemsReported: 0,
    itemsFinal: 0,
    creditReported: 0n,
    creditFinal: 0n,
    justFinished: [],
  }
  sums.set(batch, sum)
  const moreReported = sizeOf(update.reported) - old.itemsReported
  const moreFinal = sizeOf(update.final) - old.itemsFinal
  const wasFinished = old.itemsFinal === itemCount
  const isFinished = sizeOf(update.final) === itemCount
  sum.itemsReported += moreReported
  sum.itemsFinal += moreFinal
  sum.creditReported += creditFor(moreReported, itemCost)
  sum.creditFinal += creditFor(moreFinal, itemCost)
  sum.finished += Number(isFinished) - Number(wasFinished)
  if (isFinished && !wasFinished) sum.justFinished.push({ position, at: update.at })
}
