/** When one submission ran, as seen from both sides. */
export interface SubmissionTimes {
  /** Of the CPU's clock, ms: when it was handed over, and when its result was there. */
  readonly submittedAt: number
  readonly doneAt: number
  /** Of the GPU's clock, ns, where it has one: when the pass began and ended. */
  readonly pass: { readonly begin: bigint; readonly end: bigint } | undefined
}

/**
 * What a result may take on its way back, ms. Stamps that leave more time unexplained may be in a wrong unit, and must not make
 * the next submission longer yet.
 */
const WAY_BACK_MS = 30
/** No submission works longer, ms: Windows resets a GPU that does. What seems to was frozen, a page or the whole device. */
const FROZEN_MS = 2_000

/**
 * Tells how long the GPU worked on each of the submissions of one queue, ms, told in their order. The GPU's own clock is taken where it
 * makes sense. A pass may be stamped as begun while the one before it still runs, so it counts from the later of the two. Otherwise it
 * is the time from one result to the next, or from its own submission where the GPU was idle, without what an empty submission takes.
 */
export class GpuTime {
  #roundTripMs: number
  #lastEnd = 0n
  #lastDoneAt = -Infinity

  /**
   * @param roundTripMs what an empty submission takes until its result is there; where the cores were busy it was measured too long,
   *   and any submission that takes less corrects it
   */
  constructor(roundTripMs: number) {
    this.#roundTripMs = roundTripMs
  }

  msOf({ submittedAt, doneAt, pass }: SubmissionTimes): number {
    this.#roundTripMs = Math.min(this.#roundTripMs, doneAt - submittedAt)
    const idleSince = Math.max(submittedAt + this.#roundTripMs, this.#lastDoneAt)
    const seen = Math.max(0, doneAt - idleSince)
    this.#lastDoneAt = doneAt
    const worked = Math.min(seen, FROZEN_MS)
    if (pass === undefined) return worked
    const begin = pass.begin > this.#lastEnd ? pass.begin : this.#lastEnd
    const stamped = Number(pass.end - begin) / 1e6
    this.#lastEnd = pass.end
    // Browsers round the stamps, to 0.1 ms for instance, and some drivers return nonsense.
    const sensible = stamped > 0 && stamped <= doneAt - submittedAt
    const plausible = seen - stamped <= WAY_BACK_MS || seen > FROZEN_MS
    return sensible && plausible ? stamped : worked
  }
}
