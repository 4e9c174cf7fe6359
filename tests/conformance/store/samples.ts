import * as v from 'valibot'
import {
  appIdSchema,
  batchIdSchema,
  hostIdOf,
  taskIdOf,
  type BatchId,
  type HostId,
  type TaskId,
} from '../../../src/protocol/ids.ts'
import type {
  ClaimedWorkunit,
  Commit,
  NewBatch,
  NewReport,
  NewResult,
  NewWorkunit,
  Store,
} from '../../../src/server/stores/store.ts'

/** Small, valid things of every kind: the same number, the same thing. */

export const sampleBatchId = (name: string): BatchId => v.parse(batchIdSchema, name)
export const sampleHostId = (n: number): HostId => hostIdOf(numbered(n, 16))
export const sampleTaskId = (n: number): TaskId => taskIdOf(numbered(n, 16))

export function sampleBatch(name: string, createdAt = 1_000): NewBatch {
  return {
    id: sampleBatchId(name),
    kind: 'request',
    app: v.parse(appIdSchema, 'sample-app'),
    version: 1,
    title: `Batch ${name}`,
    createdAt,
    epsilon: 0.01,
  }
}

export function sampleWorkunits(count: number, itemCount = 8): NewWorkunit[] {
  return Array.from({ length: count }, (_, n) => ({
    input: { exponent: n, nested: { list: [1, 'two', null] } },
    source: n % 2 === 0 ? `line ${n}` : null,
    key: n % 3 === 0 ? `key ${n}` : null,
    itemCount,
    itemCost: 3n,
  }))
}

export function sampleReport(task: number, seq: number, over: Partial<NewReport> = {}): NewReport {
  return {
    task: sampleTaskId(task),
    seq,
    host: sampleHostId(1),
    receivedAt: 5_000 + seq,
    slices: numbered(task * 1_000 + seq, 40),
    sliceCount: 2,
    head: numbered(seq, 32),
    seal: null,
    ack: JSON.stringify({ task, seq }),
    acceptedItems: 4,
    creditReported: 12n,
    creditFinal: 0n,
    ...over,
  }
}

/** A commit that reports `[0, end)` of each workunit, finally if `final`. */
export function sampleCommit(
  report: NewReport,
  workunits: readonly ClaimedWorkunit[] = [],
  { end = 4, final = false, outputs = [] }: SampleWork = {},
): Commit {
  const set = [0, end]
  return {
    report,
    workunits: workunits.map(({ id, epoch }) => ({
      id,
      epoch,
      reported: final ? [] : set,
      final: final ? set : [],
    })),
    results: workunits.flatMap(({ id }) =>
      outputs.map((output): NewResult => ({
        workunit: id,
        host: report.host,
        output,
        state: final ? 'final' : 'reported',
        foundAt: report.receivedAt,
      })),
    ),
  }
}

interface SampleWork {
  end?: number
  final?: boolean
  outputs?: unknown[]
}

export async function addSampleHost(store: Store, n: number, seenAt = 1_000): Promise<HostId> {
  const id = sampleHostId(n)
  await store.upsertHost({ id, key: { algorithm: 'Ed25519', publicKey: numbered(n, 32) }, seenAt })
  return id
}

/** One batch with workunits, one host: where most laws begin. */
export async function addSampleWork(store: Store, count: number, itemCount = 8): Promise<BatchId> {
  const batch = sampleBatch('alpha')
  await store.addBatch(batch)
  await store.addWorkunits(batch.id, 0, sampleWorkunits(count, itemCount))
  await addSampleHost(store, 1)
  return batch.id
}

/** Everything a store tells, to see that nothing has changed. */
export async function everything(store: Store): Promise<unknown> {
  const all = { limit: 10_000 }
  const batches = await store.batches(all)
  return {
    batches,
    workunits: await Promise.all(batches.map(({ id }) => store.workunits(id, all))),
    results: await Promise.all(batches.map(({ id }) => store.results(id, all))),
    reports: await store.reports(all),
    hosts: await store.hosts(all),
    totals: await store.totals(),
  }
}

/** What must be there. */
export function sure<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('expected a value, found none')
  return value
}

function numbered(n: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, n)
  return bytes
}
