/** The rest that `busyMs` of work calls for at this duty (above 0, up to 1): `t * (1 - d) / d`. */
export function restAfter(busyMs: number, duty: number): number {
  return (busyMs * (1 - duty)) / duty
}

/** Oversleeping is paid back up to this much, so that coarse timers do not cost throughput and a long pause buys no burst. */
const MOST_CREDIT_MS = 20

/**
 * Keeps one worker's books: work done that has not been rested for yet. Counting in work, not in rest, lets a new duty
 * apply at once to what is still owed.
 */
export class DutyCycle {
  #unrestedMs = 0

  /** Takes note of `ms` of work. */
  worked(ms: number): void {
    this.#unrestedMs += ms
  }

  /** Takes note of `ms` without work, whatever the reason. */
  rested(ms: number, duty: number): void {
    if (duty >= 1) this.#unrestedMs = Math.min(this.#unrestedMs, 0)
    else this.#unrestedMs = Math.max(-MOST_CREDIT_MS, this.#unrestedMs - (ms * duty) / (1 - duty))
  }

  /** How long to rest before the next item, ms. */
  owedMs(duty: number): number {
    return Math.max(0, restAfter(this.#unrestedMs, duty))
  }
}
