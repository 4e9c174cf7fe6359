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

/** Whether an app has a kernel for the GPU. */
export function hasGpuKernel(app: AnyApp): boolean {
  return app.kernels.some(({ backend }) => backend === 'webgpu')
}

/**
 * What a GPU must compute as WASM does before it is used: something of every part of every app's kernel and an item of the usual size;
 * then, at last, another one of the app that is timed, with everything made ready. A GPU that is wrong in one app is trusted with none.
 * @param apps of which those without a kernel for the GPU do not matter
 * @param timed what its speed is measured on
 * @throws UnknownAppError when an app has no kernel for this device
 */
export async function gpuCanaries(
  apps: readonly AnyApp[],
  timed: AnyApp,
): Promise<{ readonly canaries: readonly CanaryJob[]; readonly course: CanaryJob }> {
  const canaries: CanaryJob[] = []
  for (const app of apps.filter(hasGpuKernel)) {
    for (const input of app.gpuCanaries ?? []) canaries.push(jobOn(app, input))
    canaries.push(await canaryJob(app, 'frontier'))
  }
  const course = await canaryJob(timed, 'frontier')
  return { canaries: [...canaries, course], course }
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
