import type { BatchId } from '../../protocol/ids.ts'
import type { Log } from '../log.ts'
import type { Store, StoredBatch } from '../stores/store.ts'
import type { AppShelf } from './appShelf.ts'

const PAGE = 200

interface Parts {
  readonly store: Store
  readonly apps: AppShelf
  readonly log: Log
}

/**
 * Batches that may have work: not cancelled, not done, not still being submitted, of apps that this build knows. One that
 * cannot be read is logged and left out: it must not keep the others from being computed.
 */
export async function findOpenBatches(parts: Parts): Promise<StoredBatch[]> {
  const open: StoredBatch[] = []
  for await (const batch of readableBatches(parts)) {
    if (batch.state === 'cancelled') continue
    if (batch.state === 'sealed' && batch.finished === batch.workunits) continue
    if (isBeingSubmitted(batch)) continue
    if (parts.apps.find(batch.app, batch.version) === undefined) {
      parts.log.warn({ batch: batch.id, app: batch.app }, 'this build does not know the app')
    } else open.push(batch)
  }
  return open
}

/** A submission that was cut short by a crash was never promised to anyone. */
export async function cancelUnfinishedSubmissions(parts: Parts): Promise<void> {
  for await (const batch of readableBatches(parts)) {
    if (isBeingSubmitted(batch)) await parts.store.setBatchState(batch.id, 'cancelled')
  }
}

/** Seeds stay open for ever; a request is open until its last workunit is there. */
function isBeingSubmitted({ kind, state }: StoredBatch): boolean {
  return kind === 'request' && state === 'open'
}

async function* readableBatches({ store, log }: Parts): AsyncGenerator<StoredBatch> {
  let after: BatchId | undefined
  for (;;) {
    const page = await store.batchIds({ after, limit: PAGE })
    for (const id of page) {
      const batch = await store.batch(id).catch((cause: unknown) => {
        log.error({ err: cause, batch: id }, 'a batch cannot be read: it is left out')
      })
      if (batch !== undefined) yield batch
    }
    after = page.at(-1)
    if (page.length < PAGE) return
  }
}
