import { kernelHashOf } from '../../protocol/ids.ts'
import type { Job } from '../executor.ts'
import type { GpuPlan } from '../webgpu/plan.ts'

/** A plan that nobody carries out. */
export const fakePlan: GpuPlan = {
  unitsPerItem: 1,
  unitsPerRound: 1,
  stateBytes: 4,
  scratchBytes: { fixed: 4, perUnit: 0 },
  recordBytes: 8,
  prepare: [],
  round: [],
}

/** The hash of no kernel. */
export const fakeGpuKernel = kernelHashOf(new Uint8Array(32))

/** The job, with a kernel for the GPU as well. */
export function onGpuToo(job: Job): Job {
  return { ...job, webgpu: { kernel: fakeGpuKernel, plan: fakePlan } }
}
