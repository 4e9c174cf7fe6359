import * as v from 'valibot'
import { batchIdSchema, hostIdOf, taskIdOf, workunitIdOf } from '../src/protocol/ids.ts'
import type { IntervalSet } from '../src/protocol/intervalSet.ts'
import type { SliceReport } from '../src/protocol/messages.ts'
import { encodeSliceRecords } from '../src/server/stores/sliceRecords.ts'
import type { ClaimedWorkunit, Commit, Store } from '../src/server/stores/store.ts'
import { newWorkunit } from '../src/server/newWorkunit.ts'
import { DEFAULT_EPSILON } from '../src/protocol/epsilon.ts'
import { benchApp } from './coordinatorApp.ts'

const SLICES_PER_REPORT = 32
const REPORTS_PER_WORKUNIT = 4
const REPORTS_PER_TASK = 8
const RANGES_PER_WORKUNIT = SLICES_PER_REPORT * REPORTS_PER_WORKUNIT
const SLICE_LOG2 = 8
const HOSTS = 1_000
/** Workunits that one commit fills. */
const GROUP = 125

/**
 * Fills a store with what a long life leaves behind: so many item ranges, each of a slice of its own, in the sets of workunits and in the
 * reports that they came with. Between two of a workunit there is always a gap, so that no set gets shorter. The batch is cancelled in
 * the end: all of it stays, and nothing of it is leased.
 */
export async function fillStore(store: Store, ranges: number): Promise<void> {
  const id = v.parse(batchIdSchema, `filled-${ranges}`)
  const count = Math.ceil(ranges / RANGES_PER_WORKUNIT)
  const { id: app, version } = benchApp
  const title = `${ranges} ranges`
  await store.addBatch({
    id,
    kind: 'request',
    app,
    version,
    title,
    createdAt: 0,
    epsilon: DEFAULT_EPSILON,
  })
  const items = 2 * RANGES_PER_WORKUNIT * 2 ** SLICE_LOG2
  const workunit = newWorkunit(benchApp, { items, every: items })
  for (let from = 0; from < count; from += 500) {
    const more = Math.min(500, count - from)
    await store.addWorkunits(id, from, Array<typeof workunit>(more).fill(workunit))
  }
  for (let n = 0; n < HOSTS; n++) {
    const publicKey = numbered(n, 32)
    await store.upsertHost({ id: hostOf(n), key: { algorithm: 'Ed25519', publicKey }, seenAt: n })
  }
  for (let at = 0; at < count; at += GROUP) {
    const named = Array.from({ length: Math.min(GROUP, count - at) }, (_, i) =>
      workunitIdOf(id, at + i),
    )
    const wish = { owner: 'filler', workunits: named, now: 0, until: 1 }
    const workunits = await store.claimThese(wish)
    await store.commit(workunits.flatMap((one, i) => reportsOf(one, at + i)))
  }
  await store.releaseClaims('filler')
  await store.setBatchState(id, 'cancelled')
}

function reportsOf({ id, epoch }: ClaimedWorkunit, n: number): Commit[] {
  return Array.from({ length: REPORTS_PER_WORKUNIT }, (_, part): Commit => {
    const report = n * REPORTS_PER_WORKUNIT + part
    const task = Math.floor(report / REPORTS_PER_TASK)
    const slices = Array.from({ length: SLICES_PER_REPORT }, (_slice, i): SliceReport => {
      const place = part * SLICES_PER_REPORT + i
      return [0, 2 * place * 2 ** SLICE_LOG2, SLICE_LOG2, numbered(place, 8)]
    })
    return {
      report: {
        task: taskIdOf(numbered(task, 16)),
        seq: report % REPORTS_PER_TASK,
        host: hostOf(task % HOSTS),
        receivedAt: report,
        slices: encodeSliceRecords(slices),
        sliceCount: slices.length,
        head: numbered(report, 32),
        seal: null,
        ack: JSON.stringify({ type: 'ack', task, acceptedItems: SLICES_PER_REPORT << SLICE_LOG2 }),
        acceptedItems: SLICES_PER_REPORT << SLICE_LOG2,
        creditReported: 1n,
        creditFinal: 0n,
      },
      workunits: [{ id, epoch, reported: setUpTo((part + 1) * SLICES_PER_REPORT), final: [] }],
      results: [],
    }
  })
}

/** The first so many slices, every other one left out. */
function setUpTo(slices: number): IntervalSet {
  return Array.from({ length: slices }, (_, i) => [
    2 * i * 2 ** SLICE_LOG2,
    (2 * i + 1) * 2 ** SLICE_LOG2,
  ]).flat()
}

const hostOf = (n: number) => hostIdOf(numbered(n + 1, 16))

/** Scattered, as real ids are: an index that only grew at its end would be cheaper. */
function numbered(n: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, Math.imul(n, 0x9e37_79b1))
  view.setUint32(4, n)
  return bytes
}
