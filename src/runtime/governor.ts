import type { Backend } from './executor.ts'

/** How much of this device may be used. Battery and heat take their seat here as further fields. */
export interface Allowance {
  /** The person's cap: the share of all cores, and of the GPU's time, 0.05 to 1; clamped. */
  readonly share: number
  readonly cores: number
  /** What computes; WASM alone unless it is said. */
  readonly backends?: readonly Backend[]
}

export interface Effort {
  /** 0 when the GPU works alone. */
  readonly workers: number
  /** How busy each worker is, above 0, up to 1; with 0 workers, how busy one would be. */
  readonly duty: number
  /** How busy the GPU is, 0 to 1; at 0 it is not used. */
  readonly gpu: number
}

/**
 * How long one GPU submission may take, ms. While somebody looks at the screen that is less than a frame of 60 a second; else it is
 * what Windows and people with other windows still do not notice.
 */
export const DISPATCH_MS = { seen: 12, unseen: 50 } as const

const LEAST_SHARE = 0.05
const WASM_ALONE: readonly Backend[] = ['wasm']

/**
 * Turns an allowance into workers and their duty so that `workers * duty = share * cores`, with as few workers as
 * possible: a core that stays asleep saves more energy than several that wake half the time. The GPU has no parts that could
 * sleep, so its share is all duty.
 */
export function govern({ share, cores, backends = WASM_ALONE }: Allowance): Effort {
  const allowed = clampShare(share)
  const busyCores = allowed * cores
  // The slack keeps 0.3 * 10 = 3.0000000000000004 from costing a fourth worker.
  const workers = Math.max(1, Math.ceil(busyCores - 1e-9))
  return {
    workers: backends.includes('wasm') ? workers : 0,
    duty: Math.min(1, busyCores / workers),
    gpu: backends.includes('webgpu') ? allowed : 0,
  }
}

/** @returns the nearest share that is allowed: 0.05 to 1; what is not a number counts as the least. */
export function clampShare(share: number): number {
  return Number.isNaN(share) ? LEAST_SHARE : Math.min(1, Math.max(LEAST_SHARE, share))
}
