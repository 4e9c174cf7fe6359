/**
 * Calls `tick` at an interval. Timers of a hidden tab may come once a minute: `nudge`, called whenever something happens
 * anyway, keeps the interval then.
 */
export class Metronome {
  readonly #now: () => number
  readonly #tick: () => void
  #everyMs = Infinity
  #dueAt = Infinity
  #timer: ReturnType<typeof setInterval> | undefined

  /** @param now a monotonic clock, ms */
  constructor(now: () => number, tick: () => void) {
    this.#now = now
    this.#tick = tick
  }

  start(everyMs: number): void {
    this.stop()
    this.#everyMs = everyMs
    this.#dueAt = this.#now() + everyMs
    this.#timer = setInterval(() => this.#beat(), everyMs)
  }

  nudge(): void {
    if (this.#now() >= this.#dueAt) this.#beat()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#dueAt = Infinity
  }

  #beat(): void {
    this.#dueAt = this.#now() + this.#everyMs
    this.#tick()
  }
}
