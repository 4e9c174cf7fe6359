import type * as v from 'valibot'
import type { AppShelf } from '../coordinator/appShelf.ts'
import { TRUST } from '../coordinator/decideReport.ts'
import type { StoredBatch } from '../stores/store.ts'
import type { batchReply } from './schemas.ts'

/** A batch as the API shows it. */
export async function describeBatch(
  apps: AppShelf,
  batch: StoredBatch,
): Promise<v.InferInput<typeof batchReply>> {
  const view = await apps.find(batch.app, batch.version)?.load.view()
  return {
    ...batch,
    createdAt: new Date(batch.createdAt).toISOString(),
    credit: String(batch.credit),
    creditReported: String(batch.creditReported),
    creditFinal: String(batch.creditFinal),
    over: batch.state === 'cancelled' || isFinished(batch),
    // An app that this build does not know any more: the bare kind.
    label: view?.label(batch.kind) ?? batch.kind,
    trust: TRUST,
    verified: false,
  }
}

/** No workunits will come, and those that there are have nothing left to compute. */
function isFinished({ state, finished, workunits }: StoredBatch): boolean {
  return state === 'sealed' && finished === workunits
}
