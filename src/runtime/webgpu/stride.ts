/** What the first submission of a job is expected to take, ms, where its kernel is known. */
const START_MS = 1.5
/** The most that is ever planned, ms: longer submissions can be felt, and from 2 s on Windows resets the GPU. */
const MOST_MS = 50

/** How long a submission should take, ms: as the pace asks, at most 50, and half as long after each device loss. */
export function goalMs(dispatchMs: number, losses: number): number {
  return Math.min(dispatchMs, MOST_MS) / 2 ** losses
}

/** What the jobs of one kernel learn from each other; it outlives a device. */
export interface KernelSpeed {
  /** What a unit took when it was last measured, ms. */
  msPerUnit?: number
}

/**
 * How many units of one job the next submission takes. It begins small, at most doubles from what was measured last, and shrinks at once in
 * proportion when a submission took longer than its goal (`goalMs`). A single unit is the least, however long it takes.
 */
export class Stride {
  readonly #kernel: KernelSpeed
  #msPerUnit: number | undefined
  /** What the next submission may have by the rule of doubling. */
  #limit: number
  #room = Infinity

  /** @param mostUnits of the first submission: jobs of one kernel may differ, and the plan says that so many do no harm */
  constructor(kernel: KernelSpeed, mostUnits: number) {
    this.#kernel = kernel
    this.#msPerUnit = kernel.msPerUnit
    this.#limit =
      kernel.msPerUnit === undefined ? 1 : Math.min(mostUnits, START_MS / kernel.msPerUnit)
  }

  /** How many units the next submission takes, at least 1. */
  units(goal: number): number {
    return Math.max(1, Math.floor(Math.min(this.#limit, this.#fitting(goal), this.#room)))
  }

  /** Takes note of a submission: `units` took the GPU `ms`. */
  measured(units: number, ms: number, goal: number): void {
    // The short end of a run says little: most of its time is what every submission costs.
    if (2 * units < this.units(goal) && ms <= goal) return
    this.#msPerUnit = ms / units
    this.#kernel.msPerUnit = this.#msPerUnit
    this.#limit = Math.min(Math.max(this.#limit, 2 * units), this.#fitting(goal))
  }

  /** Takes note that the outputs of so many units found no room: half as many are the most from now on. */
  crowded(units: number): void {
    this.#room = Math.min(this.#room, units / 2)
  }

  #fitting(goal: number): number {
    return this.#msPerUnit === undefined || this.#msPerUnit === 0
      ? Infinity
      : goal / this.#msPerUnit
  }
}
