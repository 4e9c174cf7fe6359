import type { GpuPlan } from '../../runtime/webgpu/plan.ts'
import type { Input } from './input.ts'

/** Nonces of a unit, log2, as `search.wgsl` has it: as many as a submission has room for records, should every one of them give one. */
const UNIT_LOG2 = 10
/** Four for each lane: the README of `shaders/create2-search` has the figures. */
const NONCES_PER_WORKGROUP = 256

/** How `shaders/create2-search` computes an input: one pass. A unit is at most 2^10 nonces, and a whole block where that has fewer. */
export function gpuPlan({ blockLog2 }: Input): GpuPlan {
  const unitLog2 = Math.min(UNIT_LOG2, blockLog2)
  const workgroups = Math.ceil(2 ** unitLog2 / NONCES_PER_WORKGROUP)
  return {
    unitsPerItem: 2 ** (blockLog2 - unitLog2),
    unitsPerRound: 8_192,
    stateBytes: 0,
    scratchBytes: { fixed: 0, perUnit: 0 },
    recordBytes: 28,
    prepare: [],
    round: [{ entryPoint: 'search', fixed: 0, perUnit: workgroups }],
  }
}
