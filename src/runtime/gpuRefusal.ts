import { GpuLostError, GpuUnavailableError } from '../protocol/errors.ts'
import type { GpuUnavailableReason } from './webgpu/adapter.ts'

/**
 * Why a GPU is not used. Besides what an adapter lacks: `too-slow-to-open`: it was not ready in time. `disagrees`: it computed
 * something else than WASM. `lost`: it was lost too often. `failed`: anything else that went wrong with it.
 */
export type GpuRefusalReason =
  GpuUnavailableReason | 'too-slow-to-open' | 'disagrees' | 'lost' | 'failed'

export interface GpuRefusal {
  readonly reason: GpuRefusalReason
  /** For people who look into it, in English. */
  readonly why: string
}

const UNAVAILABLE: readonly GpuUnavailableReason[] = [
  'no-webgpu',
  'no-adapter',
  'limits',
  'refused',
]

/** What an error of the GPU, of its worker or of fetching its kernel comes to. */
export function gpuRefusalOf(error: unknown): GpuRefusal {
  const why = error instanceof Error ? error.message : String(error)
  if (error instanceof GpuLostError) return { reason: 'lost', why }
  if (error instanceof GpuUnavailableError) {
    const reason = UNAVAILABLE.find((known) => known === error.details.reason)
    return { reason: reason ?? 'failed', why: error.details.why }
  }
  return { reason: 'failed', why }
}
