/** How many seconds' worth of frames may come at once: a host that was away sends what it kept. */
const BURST_SECONDS = 5

/** A token bucket: `perSecond` frames on average, five times as many in a burst. */
export class FrameBudget {
  readonly #perSecond: number
  #left: number
  #at: number

  /** @param now ms of any steady clock */
  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond
    this.#left = perSecond * BURST_SECONDS
    this.#at = now
  }

  /** Whether one more frame is within the budget; if so, it is spent. */
  spend(now: number): boolean {
    const earned = ((now - this.#at) / 1_000) * this.#perSecond
    this.#left = Math.min(this.#left + earned, this.#perSecond * BURST_SECONDS)
    this.#at = now
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
