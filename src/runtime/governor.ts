/** How much of this device may be used. Battery, visibility and heat take their seat here as further fields. */
export interface Allowance {
  /** The person's cap: the share of all cores, 0.05 to 1; clamped. */
  readonly share: number
  readonly cores: number
}

export interface Effort {
  readonly workers: number
  /** How busy each worker is, 0 to 1. */
  readonly duty: number
}

const LEAST_SHARE = 0.05

/**
 * Turns an allowance into workers and their duty so that `workers * duty = share * cores`, with as few workers as
 * possible: a core that stays asleep saves more energy than several that wake half the time.
 */
export function govern({ share, cores }: Allowance): Effort {
  const busyCores = clampShare(share) * cores
  // The slack keeps 0.3 * 10 = 3.0000000000000004 from costing a fourth worker.
  const workers = Math.max(1, Math.ceil(busyCores - 1e-9))
  return { workers, duty: Math.min(1, busyCores / workers) }
}

/** @returns the nearest share that is allowed: 0.05 to 1; what is not a number counts as the least. */
export function clampShare(share: number): number {
  return Number.isNaN(share) ? LEAST_SHARE : Math.min(1, Math.max(LEAST_SHARE, share))
}
