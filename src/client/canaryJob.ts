import type { AnyApp } from '../apps/app.ts'
import type { CanaryJob } from '../runtime/canary.ts'
import { jobFor } from './jobFor.ts'

/**
 * A fixed job for measuring this device: the first workunit of one of the app's own batches. Practice has the smallest, the
 * frontier has hundreds of items.
 * @throws UnknownAppError when the app has no kernel for this device
 */
export async function canaryJob(app: AnyApp, kind: 'practice' | 'frontier'): Promise<CanaryJob> {
  const generator = await app.load.generator()
  const input: unknown = generator.seed(kind, undefined)
  const items = app.itemCount(input)
  return {
    job: jobFor(app, 'canary', input),
    items,
    // First and last items may have less to do than most.
    item: Math.floor(items / 2),
    itemCost: app.itemCost(input),
  }
}
