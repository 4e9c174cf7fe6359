/**
 * Calls `tick` at an interval, or sooner where something is worth it. Timers of a hidden tab may come once a minute: `nudge`,
 * called whenever something happens anyway, keeps the interval then.
 */
export class Metronome {
  readonly #now: () => number
  readonly #tick: () => void
  #everyMs = Infinity
  #dueAt = Infinity
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param now a monotonic clock, ms */
  constructor(now: () => number, tick: () => void) {
    this.#now = now
    this.#tick = tick
  }

  start(everyMs: number): void {
    this.#everyMs = everyMs
    this.#setDue(this.#now() + everyMs)
  }

  /** The next tick comes within so many milliseconds; the interval goes on from there. Does nothing unless it was started. */
  hasten(withinMs: number): void {
    const dueAt = this.#now() + withinMs
    if (this.#dueAt !== Infinity && dueAt < this.#dueAt) this.#setDue(dueAt)
  }

  nudge(): void {
    if (this.#now() >= this.#dueAt) this.#beat()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#dueAt = Infinity
  }

  #beat(): void {
    this.#setDue(this.#now() + this.#everyMs)
    this.#tick()
  }

  #setDue(dueAt: number): void {
    this.#dueAt = dueAt
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#beat(), Math.max(0, dueAt - this.#now()))
  }
}
