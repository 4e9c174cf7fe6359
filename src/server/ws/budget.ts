/** A token bucket: so many a second on average, and up to `burst` at once. */
export class Budget {
  readonly #perSecond: number
  readonly #burst: number
  #left: number
  #at: number

  /** @param now ms of any steady clock */
  constructor({ perSecond, burst }: { perSecond: number; burst: number }, now: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#left = burst
    this.#at = now
  }

  /** Whether one more is within the budget; if so, it is spent. */
  spend(now: number): boolean {
    this.#earn(now)
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }

  /** Whether it is as good as new. */
  isFull(now: number): boolean {
    this.#earn(now)
    return this.#left === this.#burst
  }

  #earn(now: number): void {
    const earned = ((now - this.#at) / 1_000) * this.#perSecond
    this.#left = Math.min(this.#left + earned, this.#burst)
    this.#at = now
  }
}
