import type { AnyApp, KernelRef } from '../../../src/apps/app.ts'
import type { Backend, Job } from '../../../src/runtime/executor.ts'
import type { GpuPlan } from '../../../src/runtime/webgpu/plan.ts'

/**
 * The job that computes this input, on either backend.
 *
 * @param change what is to differ from the app's plan
 * @throws Error for an app without a WGSL kernel
 */
export function jobOf(app: AnyApp, input: unknown, change: Partial<GpuPlan> = {}): Job {
  const planned = app.gpuPlan?.(input)
  if (planned === undefined) throw new Error(`${app.id} has no plan for a GPU`)
  const plan = { ...planned, ...change }
  return {
    key: JSON.stringify([app.id, input, change]),
    app: app.id,
    input: app.encodeInput(input),
    wasm: kernelOf(app, 'wasm').hash,
    webgpu: { kernel: kernelOf(app, 'webgpu').hash, plan },
  }
}

/** @throws Error where the app has none for this backend */
export function kernelOf(app: AnyApp, backend: Backend): KernelRef {
  const ref = app.kernels.find((kernel) => kernel.backend === backend)
  if (ref === undefined) throw new Error(`${app.id} has no kernel for ${backend}`)
  return ref
}
