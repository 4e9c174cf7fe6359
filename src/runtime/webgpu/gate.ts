import { DutyCycle, restAfter } from '../dutyCycle.ts'
import type { Pace } from '../executor.ts'

/** One on the GPU, one behind it, and one whose result is on its way back. */
const MOST_IN_FLIGHT = 3
/**
 * What a result may take on its way back, ms: 5 to 15 in browsers. While the rest that is owed is shorter, the next submission does not
 * wait for the result of the last, or the way back alone would be more rest than was asked for.
 */
const WAY_BACK_MS = 16
/** A long rest is taken in naps of this length, so that a higher duty is noticed early. */
const NAP_MS = 100
/** Timers are too coarse for less: shorter rests are carried over. */
const SHORTEST_NAP_MS = 4

interface Waiting {
  readonly order: number
  readonly pace: () => Pace
  readonly admit: () => void
}

/**
 * Decides which run may submit next, and when. At full duty three submissions are in flight over all runs together. The less duty, the fewer,
 * down to one, and the rest that they call for is taken before the next. The oldest run goes first: slices get done one after another,
 * and leaving loses the least.
 */
export class Gate {
  readonly #now: () => number
  readonly #cycle = new DutyCycle()
  #waiting: Waiting[] = []
  #inFlight = 0
  /** Up to when the time is accounted for as work or rest. */
  #bookedTo: number
  /** Work of the submissions that ended since something was in flight, ms. */
  #burstMs = 0
  #nap: ReturnType<typeof setTimeout> | undefined

  /** @param now a monotonic clock, ms */
  constructor(now: () => number) {
    this.#now = now
    this.#bookedTo = now()
  }

  /**
   * Waits until the caller may submit; it must call `leave` afterwards, whatever happens.
   * @param order the age of its run: the lowest goes first
   * @returns false when the signal fires before that: then there is nothing to leave
   */
  enter(order: number, pace: () => Pace, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(false)
      const admit = (): void => {
        signal.removeEventListener('abort', giveUp)
        resolve(true)
      }
      const waiting: Waiting = { order, pace, admit }
      const giveUp = (): void => {
        signal.removeEventListener('abort', giveUp)
        this.#waiting = this.#waiting.filter((other) => other !== waiting)
        resolve(false)
        this.#admit()
      }
      signal.addEventListener('abort', giveUp)
      this.#waiting = [...this.#waiting, waiting].toSorted((a, b) => a.order - b.order)
      this.#admit()
    })
  }

  /** Its submission is over, after `busyMs` of the GPU's time. */
  leave(busyMs: number, duty: number): void {
    this.#inFlight--
    this.#cycle.worked(busyMs)
    this.#burstMs += busyMs
    this.#cycle.rested(this.#inFlight > 0 ? 0 : this.#endBurst(), duty)
    this.#admit()
  }

  /** How long the GPU rested while something was in flight, ms: results may come back together, so only the whole burst tells. */
  #endBurst(): number {
    const passed = this.#now() - this.#bookedTo
    const restedMs = Math.max(0, passed - this.#burstMs)
    this.#bookedTo += passed
    this.#burstMs = 0
    return restedMs
  }

  #admit(): void {
    clearTimeout(this.#nap)
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const { duty, dispatchMs } = first.pace()
      const owedMs = this.#owedMs(duty)
      if (this.#inFlight > 0) {
        const owedSoonMs = owedMs + restAfter(this.#inFlight * dispatchMs, duty)
        if (this.#inFlight >= MOST_IN_FLIGHT || owedSoonMs >= WAY_BACK_MS) return
      } else if (owedMs >= SHORTEST_NAP_MS) {
        this.#nap = setTimeout(() => this.#admit(), Math.min(owedMs, NAP_MS))
        return
      }
      this.#waiting.shift()
      this.#inFlight++
      first.admit()
    }
  }

  #owedMs(duty: number): number {
    // While something is in flight nobody knows yet what was work.
    if (this.#inFlight === 0) {
      const at = this.#now()
      this.#cycle.rested(at - this.#bookedTo, duty)
      this.#bookedTo = at
    }
    return this.#cycle.owedMs(duty)
  }
}
