import type { AnyApp } from '../apps/app.ts'
import type { CanaryJob } from '../runtime/canary.ts'
import { jobFor } from './jobFor.ts'

/**
 * A fixed job for measuring this device: the first workunit of one of the app's own batches. Practice has the smallest, and is all
 * that some apps have; a frontier has hundreds of items.
 * @throws UnknownAppError when the app has no kernel for this device
 */
export async function canaryJob(app: AnyApp, kind: 'practice' | 'frontier'): Promise<CanaryJob> {
  const generator = await app.load.generator()
  const next = generator.seeds[kind] ?? generator.seeds.practice
  return jobOn(app, next(undefined))
}

/**
 * What a GPU must compute as WASM does before it is used: something of every part of its kernel, and then twice an item of the
 * usual size, of which the second shows its speed, with everything made ready.
 * @throws UnknownAppError when the app has no kernel for this device
 */
export async function gpuCanaries(
  app: AnyApp,
): Promise<{ readonly canaries: readonly CanaryJob[]; readonly course: CanaryJob }> {
  const parts = (app.gpuCanaries ?? []).map((input: unknown) => jobOn(app, input))
  const course = await canaryJob(app, 'frontier')
  return { canaries: [...parts, course, course], course }
}

function jobOn(app: AnyApp, input: unknown): CanaryJob {
  const items = app.itemCount(input)
  return {
    job: jobFor(app, 'canary', input),
    items,
    // First and last items may have less to do than most.
    item: Math.floor(items / 2),
    itemCost: app.itemCost(input),
  }
}
