import type { AnyApp } from '../apps/app.ts'
import type { CanaryJob } from '../runtime/canary.ts'
import { jobFor } from './jobFor.ts'

/**
 * A fixed small job for measuring this device: the first workunit of the app's own practice batch.
 * @throws UnknownAppError when the app has no kernel for this device
 */
export async function canaryJob(app: AnyApp): Promise<CanaryJob> {
  const generator = await app.load.generator()
  const input: unknown = generator.seed('practice', undefined)
  return {
    job: jobFor(app, 'canary', input),
    // First and last items may have less to do than most.
    item: Math.floor(app.itemCount(input) / 2),
    itemCost: app.itemCost(input),
  }
}
