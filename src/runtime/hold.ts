import { restAfter } from './dutyCycle.ts'
import type { Backend } from './executor.ts'

/**
 * A moment in which the lanes leave the queue alone, and work at full duty for whoever holds them. What that was more than the
 * person allows is rested for afterwards, backend by backend.
 */
export class Hold {
  /** Who holds now; nobody when 0. */
  #holder = 0
  #holds = 0
  #worked: Record<Backend, number> = { wasm: 0, webgpu: 0 }
  #endedAt = -Infinity

  get on(): boolean {
    return this.#holder !== 0
  }

  /** @returns who holds from now on: one that was held before is over */
  begin(): number {
    this.#holder = ++this.#holds
    this.#worked = { wasm: 0, webgpu: 0 }
    return this.#holder
  }

  /** Takes note of work in it: of the GPU, or of each worker. */
  worked(backend: Backend, ms: number): void {
    if (this.on) this.#worked[backend] += ms
  }

  /**
   * @param holder as `begin` returned it; nothing happens when another holds now
   * @param now of a monotonic clock, ms
   */
  end(holder: number, now: number): void {
    if (holder !== this.#holder) return
    this.#endedAt = now
    this.#holder = 0
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
