import type { BatchId } from '../src/protocol/ids.ts'
import { sizeOf } from '../src/protocol/intervalSet.ts'
import type { Store } from '../src/server/stores/store.ts'
import type { BenchStore } from './benchStore.ts'
import type { Acked } from './coordinatorHosts.ts'

const PAGE = 1_000

/** What hosts were told. */
interface Told {
  readonly batch: BatchId
  /** The last report before all this. */
  readonly since: number
  readonly acks: readonly Acked[]
  readonly outputs: number
}

/**
 * How many reports are stored.
 * @throws Error unless every acknowledged report is stored as it was acknowledged, nothing else is, and the sets add up
 */
export async function compareStored(place: BenchStore, told: Told): Promise<number> {
  const store = await place.open()
  try {
    const acked = new Map(told.acks.map((ack) => [`${ack.task} ${ack.seq}`, ack]))
    let rowsStored = 0
    let accepted = 0
    const reports = pages(
      (after) => store.reports({ after: after ?? told.since, limit: PAGE }),
      ({ id }) => id,
    )
    for await (const report of reports) {
      const ack = acked.get(`${report.task} ${report.seq}`)
      const credit = String(report.creditReported + report.creditFinal)
      if (ack?.acceptedItems !== report.acceptedItems || ack.credit !== credit) {
        throw new Error(`report ${report.seq} of ${report.task} is stored, not acknowledged so`)
      }
      rowsStored++
      accepted += report.acceptedItems
    }
    if (rowsStored !== told.acks.length) {
      throw new Error(`${told.acks.length} reports were acknowledged, ${rowsStored} are stored`)
    }
    const itemsStored = await itemsIn(store, told.batch)
    if (itemsStored !== accepted) {
      throw new Error(`${accepted} items were acknowledged, ${itemsStored} are in the sets`)
    }
    const results = (await store.batch(told.batch))?.results
    if (results !== told.outputs) {
      throw new Error(`${told.outputs} outputs counted, ${results} are stored`)
    }
    // Nothing of it is left to the next measurement.
    await store.setBatchState(told.batch, 'cancelled')
    return rowsStored
  } finally {
    await store.close()
  }
}

/** The id of the report that was stored last; 0 when there is none. */
export async function lastReport(store: Store): Promise<number> {
  const { reports } = await store.totals()
  // Ids are given without gaps but for commits that failed: there are at least so many.
  let last = Math.max(0, reports - 1)
  for await (const { id } of pages(
    (after) => store.reports({ after: after ?? last, limit: PAGE }),
    (report) => report.id,
  )) {
    last = id
  }
  return last
}

async function itemsIn(store: Store, batch: BatchId): Promise<number> {
  let items = 0
  const workunits = pages(
    (after) => store.workunits(batch, { after, limit: PAGE }),
    ({ position }) => position,
  )
  for await (const { reported, final } of workunits) items += sizeOf(reported) + sizeOf(final)
  return items
}

async function* pages<Row>(
  read: (after: number | undefined) => Promise<readonly Row[]>,
  place: (row: Row) => number,
): AsyncGenerator<Row> {
  let after: number | undefined
  for (;;) {
    const rows = await read(after)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = place(last)
  }
}
