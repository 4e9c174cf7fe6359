import * as v from 'valibot'
import type { BatchId } from '../../protocol/ids.ts'
import type { Log } from '../log.ts'
import type { Store, StoredBatch } from '../stores/store.ts'
import type { AppShelf } from './appShelf.ts'

const PAGE = 200
/** No submission takes nearly as long: one that is older was cut short, wherever it was made. */
const CUT_SHORT_MS = 600_000

interface Parts {
  readonly store: Store
  readonly apps: AppShelf
  readonly log: Log
  /** ms since the epoch. */
  readonly now: () => number
}

/** Which batches may have work, of those that the store holds now. */
export interface OpenBatches {
  /** Every one that is not over, whether it can be computed here or not. */
  readonly unfinished: ReadonlySet<BatchId>
  /** Of these, those that were not known before and can be computed here. */
  readonly fresh: readonly StoredBatch[]
  /** And those that were not known before and cannot: of apps that this build does not know, or written by another one. */
  readonly foreign: ReadonlySet<BatchId>
}

/**
 * Looks for batches that may have work: not cancelled, not done, not still being submitted, of apps that this build knows. One that
 * cannot be read is logged and left out: it must not keep the others from being computed.
 *
 * @param known batches that need not be read again
 */
export async function findOpenBatches(
  parts: Parts,
  known: ReadonlySet<BatchId> = new Set(),
): Promise<OpenBatches> {
  const unfinished = new Set<BatchId>()
  const fresh: StoredBatch[] = []
  const foreign = new Set<BatchId>()
  for await (const id of unfinishedIds(parts.store)) {
    unfinished.add(id)
    if (known.has(id)) continue
    const batch = await readBatch(parts, id)
    if (batch === 'unreadable') foreign.add(id)
    else if (batch === undefined || isBeingSubmitted(batch)) continue
    else if (parts.apps.find(batch.app, batch.version) === undefined) {
      parts.log.warn({ batch: batch.id, app: batch.app }, 'this build does not know the app')
      foreign.add(id)
    } else fresh.push(batch)
  }
  return { unfinished, fresh, foreign }
}

/**
 * A submission that was cut short by a crash was never promised to anyone. Where no other coordinator can be making one, every
 * unfinished one was cut short.
 */
export async function cancelUnfinishedSubmissions(parts: Parts): Promise<void> {
  const { store, now } = parts
  for await (const id of unfinishedIds(store)) {
    const batch = await readBatch(parts, id)
    if (batch === undefined || batch === 'unreadable' || !isBeingSubmitted(batch)) continue
    if (store.shared && batch.createdAt > now() - CUT_SHORT_MS) continue
    await store.setBatchState(id, 'cancelled')
  }
}

/** Seeds stay open for ever; a request is open until its last workunit is there. */
function isBeingSubmitted({ kind, state }: StoredBatch): boolean {
  return kind === 'request' && state === 'open'
}

/** Only what the row says may be left out: a store that does not answer says nothing about a batch. */
async function readBatch(
  { store, log }: Parts,
  id: BatchId,
): Promise<StoredBatch | 'unreadable' | undefined> {
  try {
    return await store.batch(id)
  } catch (cause) {
    if (!v.isValiError(cause)) throw cause
    log.error({ err: cause, batch: id }, 'a batch cannot be read: it is left out')
    return 'unreadable'
  }
}

async function* unfinishedIds(store: Store): AsyncGenerator<BatchId> {
  let after: BatchId | undefined
  for (;;) {
    const page = await store.unfinishedBatches({ after, limit: PAGE })
    yield* page
    after = page.at(-1)
    if (page.length < PAGE) return
  }
}
