/** One run as a worker did it: from when to when, of which so long busy. */
export interface DoneRun {
  readonly from: number
  readonly to: number
  readonly busyMs: number
  readonly items: number
}

export interface Load {
  /** Share of all cores that was busy, 0 to 1. */
  readonly busyShare: number
  readonly itemsPerSecond: number
}

/** Long enough for a few items at 5 % duty, short enough for a slider. */
const WINDOW_MS = 4_000

/** Measures what workers did over the last seconds. Times are of one monotonic clock, ms. */
export class LoadMeter {
  readonly #cores: number
  #runs: DoneRun[] = []
  #since: number | undefined

  constructor(cores: number) {
    this.#cores = cores
  }

  record(run: DoneRun): void {
    this.#since ??= run.from
    this.#runs.push(run)
    const oldest = run.to - WINDOW_MS
    this.#runs = this.#runs.filter((known) => known.to >= oldest)
  }

  /** Forgets the past: after a stop, seconds of nothing are no measurement. */
  reset(): void {
    this.#runs = []
    this.#since = undefined
  }

  read(now: number): Load {
    if (this.#since === undefined || now <= this.#since) return { busyShare: 0, itemsPerSecond: 0 }
    const begin = Math.max(this.#since, now - WINDOW_MS)
    let busyMs = 0
    let items = 0
    for (const run of this.#runs) {
      const length = run.to - run.from
      const inside = run.to <= begin ? 0 : run.to - Math.max(run.from, begin)
      const share = length > 0 ? inside / length : 1
      busyMs += run.busyMs * share
      items += run.items * share
    }
    const windowMs = now - begin
    return {
      busyShare: Math.min(1, busyMs / (windowMs * this.#cores)),
      itemsPerSecond: (items * 1_000) / windowMs,
    }
  }
}
