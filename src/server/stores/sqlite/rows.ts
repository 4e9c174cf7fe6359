import * as v from 'valibot'
import { creditSchema } from '../../../protocol/credit.ts'
import {
  appIdSchema,
  batchIdSchema,
  hostIdSchema,
  taskIdSchema,
  workunitIdOf,
} from '../../../protocol/ids.ts'
import { intervalSetSchema } from '../../../protocol/intervalSet.ts'
import { batchKindSchema, hostKeySchema } from '../../../protocol/messages.ts'
import type {
  ClaimedWorkunit,
  StoredBatch,
  StoredHost,
  StoredReport,
  StoredResult,
  StoredTask,
  StoredWorkunit,
  Totals,
} from '../store.ts'

/**
 * Columns as the contract names them, and what a row of them becomes. Credit is read as text: a 64-bit integer does not
 * fit a number, and a statement that reads BigInts reads every column so.
 */

/** A counter of items as a number: the largest exact one where it has passed that. A bare read would throw there. */
const counter = (column: string, name = column): string =>
  `min(${column}, ${Number.MAX_SAFE_INTEGER}) AS ${name}`

const json = v.pipe(
  v.string(),
  v.transform((text): unknown => JSON.parse(text)),
)
const intervalSetText = v.pipe(json, intervalSetSchema)
const bytes = v.instance(Uint8Array)
const resultState = v.picklist(['reported', 'final'])

/** @param batch SQL for the batch's id */
export const workunitColumns = (batch: string): string =>
  `${batch} AS batch, position, input, source, item_count AS itemCount,
   CAST(item_cost AS TEXT) AS itemCost, reported, final`
const workunitEntries = {
  batch: batchIdSchema,
  position: v.number(),
  input: json,
  source: v.nullable(v.string()),
  itemCount: v.number(),
  itemCost: creditSchema,
  reported: intervalSetText,
  final: intervalSetText,
}
const workunitRow = v.object(workunitEntries)
const claimedRow = v.object({ ...workunitEntries, epoch: v.number() })

export function workunitOf(row: unknown): StoredWorkunit {
  const workunit = v.parse(workunitRow, row)
  return { id: workunitIdOf(workunit.batch, workunit.position), ...workunit }
}

/** Of `workunitColumns` and `epoch`. */
export function claimedWorkunitOf(row: unknown): ClaimedWorkunit {
  const workunit = v.parse(claimedRow, row)
  return { id: workunitIdOf(workunit.batch, workunit.position), ...workunit }
}

export const batchColumns = `id, kind, app, version, title, created_at AS createdAt, state, workunits, finished,
  ${counter('items')}, ${counter('items_reported', 'itemsReported')}, ${counter('items_final', 'itemsFinal')}, results`
const batchRow = v.object({
  id: batchIdSchema,
  kind: batchKindSchema,
  app: appIdSchema,
  version: v.number(),
  title: v.string(),
  createdAt: v.number(),
  state: v.picklist(['open', 'sealed', 'cancelled']),
  workunits: v.number(),
  finished: v.number(),
  items: v.number(),
  itemsReported: v.number(),
  itemsFinal: v.number(),
  results: v.number(),
})
export const batchOf = (row: unknown): StoredBatch => v.parse(batchRow, row)

export const hostColumns = `id, algorithm, public_key AS publicKey, first_seen_at AS firstSeenAt,
  last_seen_at AS lastSeenAt, slices, ${counter('items')},
  CAST(credit_reported AS TEXT) AS creditReported, CAST(credit_final AS TEXT) AS creditFinal`
const hostRow = v.object({
  ...hostKeySchema.entries,
  id: hostIdSchema,
  firstSeenAt: v.number(),
  lastSeenAt: v.number(),
  slices: v.number(),
  items: v.number(),
  creditReported: creditSchema,
  creditFinal: creditSchema,
})
export function hostOf(row: unknown): StoredHost {
  const { algorithm, publicKey, ...host } = v.parse(hostRow, row)
  return { ...host, key: { algorithm, publicKey } }
}

/** Of `tasks JOIN hosts`. */
export const taskColumns = `tasks.id, hosts.id AS host, next_seq AS nextSeq, head, sealed`
const taskRow = v.object({
  id: taskIdSchema,
  host: hostIdSchema,
  nextSeq: v.number(),
  head: bytes,
  sealed: v.pipe(
    v.picklist([0, 1]),
    v.transform((sealed) => sealed === 1),
  ),
})
export const taskOf = (row: unknown): StoredTask => v.parse(taskRow, row)

/** Of `reports JOIN tasks JOIN hosts`. */
export const reportColumns = `reports.id, tasks.id AS task, reports.seq, hosts.id AS host, received_at AS receivedAt,
  reports.slices, slice_count AS sliceCount, reports.head, seal, ack, accepted_items AS acceptedItems,
  CAST(reports.credit_reported AS TEXT) AS creditReported, CAST(reports.credit_final AS TEXT) AS creditFinal`
const reportRow = v.object({
  id: v.number(),
  task: taskIdSchema,
  seq: v.number(),
  host: hostIdSchema,
  receivedAt: v.number(),
  slices: bytes,
  sliceCount: v.number(),
  head: bytes,
  seal: v.nullable(bytes),
  ack: v.string(),
  acceptedItems: v.number(),
  creditReported: creditSchema,
  creditFinal: creditSchema,
})
export const reportOf = (row: unknown): StoredReport => v.parse(reportRow, row)

/** Of `results JOIN batches JOIN hosts`. */
export const resultColumns = `results.id, batches.id AS batch, position, hosts.id AS host, output,
  results.state, found_at AS foundAt`
const resultRow = v.object({
  id: v.number(),
  batch: batchIdSchema,
  position: v.number(),
  host: hostIdSchema,
  output: json,
  state: resultState,
  foundAt: v.number(),
})
export function resultOf(row: unknown): StoredResult {
  const { position, ...result } = v.parse(resultRow, row)
  return { ...result, workunit: workunitIdOf(result.batch, position) }
}

export const totalsColumns = `hosts, reports, slices, ${counter('items')}, results,
  CAST(credit_reported AS TEXT) AS creditReported, CAST(credit_final AS TEXT) AS creditFinal`
const totalsRow = v.object({
  hosts: v.number(),
  reports: v.number(),
  slices: v.number(),
  items: v.number(),
  results: v.number(),
  creditReported: creditSchema,
  creditFinal: creditSchema,
})
export const totalsOf = (row: unknown): Totals => v.parse(totalsRow, row)
