import * as v from 'valibot'
import { creditSchema } from '../../protocol/credit.ts'
import {
  appIdSchema,
  batchIdSchema,
  hostIdSchema,
  taskIdSchema,
  workunitIdOf,
} from '../../protocol/ids.ts'
import { intervalSetSchema } from '../../protocol/intervalSet.ts'
import { batchKindSchema, hostKeySchema } from '../../protocol/messages.ts'
import type {
  ClaimedWorkunit,
  FinishedWorkunit,
  StoredBatch,
  StoredHost,
  StoredReport,
  StoredResult,
  StoredTask,
  StoredWorkunit,
  Totals,
  UnfinishedRequests,
  Yield,
} from './store.ts'

/**
 * What a row of a database becomes. Every engine names its columns as these schemas do: integers come as numbers, credit as
 * text, JSON as text, bytes as bytes.
 */

const json = v.pipe(
  v.string(),
  v.transform((text): unknown => JSON.parse(text)),
)
const intervalSetText = v.pipe(json, intervalSetSchema)
const bytes = v.instance(Uint8Array)

const workunitEntries = {
  batch: batchIdSchema,
  position: v.number(),
  input: json,
  source: v.nullable(v.string()),
  key: v.nullable(v.string()),
  itemCount: v.number(),
  itemCost: creditSchema,
  reported: intervalSetText,
  final: intervalSetText,
}
const workunitRow = v.object(workunitEntries)
const claimedRow = v.object({ ...workunitEntries, epoch: v.number() })
const finishedRow = v.object({
  ...workunitEntries,
  finishedNo: v.number(),
  finishedAt: v.number(),
})

export function workunitOf(row: unknown): StoredWorkunit {
  const workunit = v.parse(workunitRow, row)
  return { id: workunitIdOf(workunit.batch, workunit.position), ...workunit }
}

export function claimedWorkunitOf(row: unknown): ClaimedWorkunit {
  const workunit = v.parse(claimedRow, row)
  return { id: workunitIdOf(workunit.batch, workunit.position), ...workunit }
}

export function finishedWorkunitOf(row: unknown): FinishedWorkunit {
  const { finishedNo: no, finishedAt: at, ...workunit } = v.parse(finishedRow, row)
  const id = workunitIdOf(workunit.batch, workunit.position)
  return { id, ...workunit, finished: { no, at } }
}

export const batchStateSchema = v.picklist(['open', 'sealed', 'cancelled'])

const batchRow = v.object({
  id: batchIdSchema,
  kind: batchKindSchema,
  app: appIdSchema,
  version: v.number(),
  title: v.string(),
  createdAt: v.number(),
  epsilon: v.number(),
  state: batchStateSchema,
  workunits: v.number(),
  finished: v.number(),
  items: v.number(),
  itemsReported: v.number(),
  itemsFinal: v.number(),
  credit: creditSchema,
  creditReported: creditSchema,
  creditFinal: creditSchema,
  results: v.number(),
})
export const batchOf = (row: unknown): StoredBatch => v.parse(batchRow, row)

const batchIdRow = v.object({ id: batchIdSchema })
export const batchIdOf = (row: unknown): StoredBatch['id'] => v.parse(batchIdRow, row).id

const requestsRow = v.object({ batches: v.number(), workunits: v.number(), credit: creditSchema })
export const unfinishedRequestsOf = (row: unknown): UnfinishedRequests => v.parse(requestsRow, row)

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

const yieldRow = v.object({
  app: appIdSchema,
  version: v.number(),
  expected: v.number(),
  found: v.number(),
})
export const yieldOf = (row: unknown): Yield => v.parse(yieldRow, row)

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

const resultRow = v.object({
  id: v.number(),
  batch: batchIdSchema,
  position: v.number(),
  host: hostIdSchema,
  output: json,
  state: v.picklist(['reported', 'final']),
  foundAt: v.number(),
})
export function resultOf(row: unknown): StoredResult {
  const { position, ...result } = v.parse(resultRow, row)
  return { ...result, workunit: workunitIdOf(result.batch, position) }
}

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
