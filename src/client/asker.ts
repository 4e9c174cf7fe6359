import type { IdleReason } from './snapshot.ts'

export interface AskerParts {
  /** A monotonic clock, ms. */
  readonly now: () => number
  /** `Date.now()` */
  readonly wallClock: () => number
  /** Called when a wait is over. */
  readonly wake: () => void
}

/** Whether and when the coordinator may be asked for work: one ask at a time, and none before it said so. */
export class Asker {
  readonly #parts: AskerParts
  #asked = false
  #notBefore = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #noWork: { readonly reason: IdleReason; readonly retryAt: number } | undefined

  constructor(parts: AskerParts) {
    this.#parts = parts
  }

  /** The last answer, if it was that there is nothing to do; `retryAt` is `Date.now()` ms. */
  get noWork(): { readonly reason: IdleReason; readonly retryAt: number } | undefined {
    return this.#noWork
  }

  get mayAsk(): boolean {
    return !this.#asked && this.#parts.now() >= this.#notBefore
  }

  /** An ask was sent. */
  asked(): void {
    this.#asked = true
  }

  /** It found its answer, or none will come: the line is gone. */
  settled(): void {
    this.#asked = false
  }

  /** There is work. */
  busy(): void {
    this.#noWork = undefined
  }

  /** There is none for so long. */
  idleFor(reason: IdleReason, ms: number): void {
    this.#noWork = { reason, retryAt: this.#parts.wallClock() + ms }
    this.holdOff(ms)
  }

  /** Another question is to be asked: what was said to the one before counts no more. */
  anew(): void {
    this.#noWork = undefined
    this.#notBefore = 0
    clearTimeout(this.#timer)
  }

  /** Asks no sooner than this. */
  holdOff(ms: number): void {
    this.#notBefore = this.#parts.now() + ms
    clearTimeout(this.#timer)
    // Timers round down; a millisecond late is in time.
    this.#timer = setTimeout(this.#parts.wake, ms + 1)
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}
