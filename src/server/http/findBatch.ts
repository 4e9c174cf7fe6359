import { NotFoundError } from '../../protocol/errors.ts'
import type { BatchId } from '../../protocol/ids.ts'
import type { Store, StoredBatch } from '../stores/store.ts'

/** @throws NotFoundError */
export async function findBatch(store: Store, id: BatchId): Promise<StoredBatch> {
  const batch = await store.batch(id)
  if (batch === undefined) throw new NotFoundError('batch', id)
  return batch
}
