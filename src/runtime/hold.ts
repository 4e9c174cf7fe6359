import { restAfter } from './dutyCycle.ts'
import type { Backend } from './executor.ts'

/**
 * A moment in which the lanes leave the queue alone, and work at full duty for whoever holds them. What that was more than the
 * person allows is rested for afterwards, backend by backend.
 */
export class Hold {
  #on = false
  #worked: Record<Backend, number> = { wasm: 0, webgpu: 0 }
  #endedAt = -Infinity

  get on(): boolean {
    return this.#on
  }

  begin(): void {
    this.#on = true
    this.#worked = { wasm: 0, webgpu: 0 }
  }

  /** Takes note of work in it: of the GPU, or of each worker. */
  worked(backend: Backend, ms: number): void {
    if (this.#on) this.#worked[backend] += ms
  }

  /** @param now of a monotonic clock, ms */
  end(now: number): void {
    if (this.#on) this.#endedAt = now
    this.#on = false
  }

  /** How long a backend still has to rest at this duty (above 0, up to 1), ms. */
  restMs(backend: Backend, duty: number, now: number): number {
    return Math.max(0, this.#endedAt + restAfter(this.#worked[backend], duty) - now)
  }

  /** Nothing is owed any more: there was a stop. */
  forget(): void {
    this.#endedAt = -Infinity
  }
}
