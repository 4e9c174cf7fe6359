/** When one submission ran, as seen from both sides. */
export interface SubmissionTimes {
  /** Of the CPU's clock, ms: when it was handed over, and when its result was there. */
  readonly submittedAt: number
  readonly doneAt: number
  /** Of the GPU's clock, ns, where it has one: when the pass began and ended. */
  readonly pass: { readonly begin: bigint; readonly end: bigint } | undefined
}

/** Nothing is planned to take so long, ms. Where it seems to have, the stamps must not be what makes the next submission longer yet. */
const SUSPECT_MS = 200

/**
 * Tells how long the GPU worked on each of the submissions of one queue, ms, told in their order. The GPU's own clock is taken where it
 * makes sense. A pass may be stamped as begun while the one before it still runs, so it counts from the later of the two. Otherwise it
 * is the time from one result to the next, or from its own submission where the GPU was idle, without what an empty submission takes.
 */
export class GpuTime {
  readonly #roundTripMs: number
  #lastEnd = 0n
  #lastDoneAt = -Infinity

  /** @param roundTripMs what an empty submission takes until its result is there */
  constructor(roundTripMs: number) {
    this.#roundTripMs = roundTripMs
  }

  msOf({ submittedAt, doneAt, pass }: SubmissionTimes): number {
    const idleSince = Math.max(submittedAt + this.#roundTripMs, this.#lastDoneAt)
    const seen = Math.max(0, doneAt - idleSince)
    this.#lastDoneAt = doneAt
    if (pass === undefined) return seen
    const begin = pass.begin > this.#lastEnd ? pass.begin : this.#lastEnd
    const stamped = Number(pass.end - begin) / 1e6
    this.#lastEnd = pass.end
    // Browsers round the stamps, to 0.1 ms for instance, and some drivers return nonsense.
    const sensible = stamped > 0 && stamped <= doneAt - submittedAt && seen < SUSPECT_MS
    return sensible ? stamped : seen
  }
}
