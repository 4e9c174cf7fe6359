import type { Backend, Job } from './executor.ts'

/** A run goes for about this long, so that messages cost little and a slice still spreads over all workers. */
const RUN_MS = 100
/** What a clock cannot tell apart from nothing. */
const LEAST_ITEM_MS = 0.001
/** So many jobs are remembered; there is a new one every few seconds. */
const MOST_KNOWN = 256

/** How many items make a run, as far as it was measured. */
export class RunLengths {
  /** Milliseconds per item, as last measured, by backend and job, the latest at the end. */
  readonly #itemMs = new Map<string, number>()
  /** The same of the last job of an app on the GPU. */
  readonly #lastOnGpu = new Map<string, number>()

  measured(backend: Backend, job: Job, items: number, busyMs: number): void {
    const ms = Math.max(busyMs / items, LEAST_ITEM_MS)
    const key = `${backend} ${job.key}`
    this.#itemMs.delete(key)
    this.#itemMs.set(key, ms)
    const [oldest] = this.#itemMs.keys()
    if (this.#itemMs.size > MOST_KNOWN && oldest !== undefined) this.#itemMs.delete(oldest)
    if (backend === 'webgpu') this.#lastOnGpu.set(job.app, ms)
  }

  /** How many items fit into a run at this duty, at least 1. */
  fitting(backend: Backend, job: Job, duty: number): number {
    const ms = this.#itemMs.get(`${backend} ${job.key}`) ?? this.#expectedMs(backend, job)
    return ms === undefined ? 1 : Math.max(1, Math.floor((RUN_MS * duty) / ms))
  }

  /** On the GPU one item takes as long as a hundred: a new job begins as the app's last one ended. */
  #expectedMs(backend: Backend, job: Job): number | undefined {
    return backend === 'webgpu' ? this.#lastOnGpu.get(job.app) : undefined
  }
}
