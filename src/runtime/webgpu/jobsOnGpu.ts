import type { Job } from '../executor.ts'

interface Kept<OnGpu> {
  readonly job: Promise<OnGpu>
  /** Runs that use it at this moment. */
  users: number
}

/** Runs alternate between a few jobs: this many stay on the device though no run uses them. */
const MOST_IDLE = 4

/** The jobs on one device, the ones that were used last. What a run uses stays. */
export class JobsOnGpu<OnGpu extends { destroy(): void }> {
  readonly #bring: (job: Job) => Promise<OnGpu>
  /** By kernel and job, the one used last at the end. */
  readonly #kept = new Map<string, Kept<OnGpu>>()

  constructor(bring: (job: Job) => Promise<OnGpu>) {
    this.#bring = bring
  }

  /**
   * Brings the job to the device if need be and lets `act` use it; if that fails, the next user gets it anew.
   * @throws whatever bringing it or `act` throws
   */
  async use<T>(job: Job, act: (onGpu: OnGpu) => Promise<T>): Promise<T> {
    const key = `${job.webgpu?.kernel} ${job.key}`
    const kept = this.#kept.get(key) ?? { job: this.#bring(job), users: 0 }
    kept.users++
    this.#kept.set(key, kept)
    let failed = true
    try {
      const result = await act(await kept.job)
      failed = false
      return result
    } finally {
      kept.users--
      this.#release(key, kept, failed)
    }
  }

  #release(key: string, kept: Kept<OnGpu>, failed: boolean): void {
    const current = this.#kept.get(key) === kept
    if (current) this.#kept.delete(key)
    if (current && !failed) this.#kept.set(key, kept)
    else destroyWhenUnused(kept)
    const idle = [...this.#kept].filter(([, { users }]) => users === 0)
    for (const [oldKey, old] of idle.slice(0, Math.max(0, idle.length - MOST_IDLE))) {
      this.#kept.delete(oldKey)
      destroyWhenUnused(old)
    }
  }
}

function destroyWhenUnused(kept: Kept<{ destroy(): void }>): void {
  if (kept.users > 0) return
  // What could not be brought has nothing to destroy, and whoever asked for it knows.
  kept.job.then(
    (job) => job.destroy(),
    () => undefined,
  )
}
