import type { BatchId } from '../../protocol/ids.ts'
import type { Log } from '../log.ts'
import type { Store, StoredBatch } from '../stores/store.ts'
import type { AppShelf } from './appShelf.ts'

const PAGE = 200

/** Batches that are not cancelled and may have undone work, of apps that this build knows. */
export async function findOpenBatches(parts: {
  store: Store
  apps: AppShelf
  log: Log
}): Promise<StoredBatch[]> {
  const open: StoredBatch[] = []
  for await (const batch of allBatches(parts.store)) {
    if (batch.state === 'cancelled') continue
    if (batch.state === 'sealed' && batch.finished === batch.workunits) continue
    if (parts.apps.find(batch.app, batch.version) === undefined) {
      parts.log.warn({ batch: batch.id, app: batch.app }, 'this build does not know the app')
    } else open.push(batch)
  }
  return open
}

/** A submission that was cut short by a crash was never promised to anyone. */
export async function cancelUnfinishedSubmissions(store: Store): Promise<void> {
  for await (const batch of allBatches(store)) {
    if (batch.kind === 'request' && batch.state === 'open') {
      await store.setBatchState(batch.id, 'cancelled')
    }
  }
}

async function* allBatches(store: Store): AsyncGenerator<StoredBatch> {
  let after: BatchId | undefined
  for (;;) {
    const page = await store.batches({ after, limit: PAGE })
    yield* page
    after = page.at(-1)?.id
    if (page.length < PAGE) return
  }
}
