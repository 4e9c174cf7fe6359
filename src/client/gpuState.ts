import type { Backend } from '../runtime/executor.ts'
import type { BackendSpeeds, ChosenBackends } from '../runtime/chooseBackends.ts'
import type { GpuRefusalReason } from '../runtime/gpuRefusal.ts'
import type { AdapterDescription } from '../runtime/webgpu/adapter.ts'

export type { AdapterDescription, Backend, BackendSpeeds, ChosenBackends, GpuRefusalReason }

/** What the person wants computed on: whatever was measured to be best, the processor alone, or the GPU alone as far as it can. */
export type BackendPreference = 'auto' | 'wasm' | 'webgpu'

/** How it stands with this device's GPU. Whatever it is, WASM can carry on. */
export type GpuState =
  /** Nothing was asked of it yet; with the preference `wasm` nothing ever is. */
  | { readonly state: 'untried' }
  /** It is being opened, checked against WASM, and timed. */
  | { readonly state: 'measuring' }
  | {
      readonly state: 'unavailable'
      readonly reason: GpuRefusalReason
      /** For people who look into it, in English. */
      readonly why: string
    }
  | {
      readonly state: 'measured'
      readonly adapter: AdapterDescription
      /** Credit per second at full share: each alone, and both together. */
      readonly speeds: BackendSpeeds
      /** What follows from them; the person's preference may differ. */
      readonly chosen: ChosenBackends
    }

const WASM_ALONE: readonly Backend[] = ['wasm']
const GPU_ALONE: readonly Backend[] = ['webgpu']
const BOTH: readonly Backend[] = ['wasm', 'webgpu']

/** What computes, given what the person wants and how it stands with the GPU. */
export function backendsInUse(preference: BackendPreference, gpu: GpuState): readonly Backend[] {
  if (preference === 'wasm' || gpu.state !== 'measured') return WASM_ALONE
  if (preference === 'webgpu' || gpu.chosen === 'webgpu') return GPU_ALONE
  return gpu.chosen === 'both' ? BOTH : WASM_ALONE
}
