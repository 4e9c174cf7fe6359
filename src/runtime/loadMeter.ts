import type { Backend } from './executor.ts'

/** One run as a lane did it: from when to when, of which so long busy. */
export interface DoneRun {
  readonly backend: Backend
  readonly from: number
  readonly to: number
  readonly busyMs: number
  readonly items: number
}

export interface Load {
  /** Share of all cores that was busy, 0 to 1. */
  readonly busyShare: number
  /** Share of the time that the GPU was busy, 0 to 1. */
  readonly gpuBusyShare: number
  /** Of both. */
  readonly itemsPerSecond: number
}

/** Long enough for a few items at 5 % duty, short enough for a slider. */
const WINDOW_MS = 4_000

/** What one backend did over the last seconds. */
class BackendMeter {
  #runs: readonly DoneRun[] = []
  #since: number | undefined

  record(run: DoneRun): void {
    this.#since ??= run.from
    const oldest = run.to - WINDOW_MS
    this.#runs = [...this.#runs, run].filter((known) => known.to >= oldest)
  }

  /** What was busy on average, and how many items were done in a second. */
  read(end: number): { readonly busy: number; readonly itemsPerSecond: number } {
    const begin = Math.max(this.#since ?? end, end - WINDOW_MS)
    const windowMs = end - begin
    if (windowMs <= 0) return { busy: 0, itemsPerSecond: 0 }
    const shares = this.#runs.map((run) => ({ ...run, share: shareInside(run, begin) }))
    return {
      busy: shares.reduce((sum, { busyMs, share }) => sum + busyMs * share, 0) / windowMs,
      itemsPerSecond:
        (shares.reduce((sum, { items, share }) => sum + items * share, 0) * 1_000) / windowMs,
    }
  }

  /** When the last run ended. */
  get lastEnd(): number | undefined {
    return this.#runs.at(-1)?.to
  }
}

/** Measures what lanes did over the last seconds. Times are of one monotonic clock, ms. */
export class LoadMeter {
  readonly #cores: number
  #meters = freshMeters()

  constructor(cores: number) {
    this.#cores = cores
  }

  record(run: DoneRun): void {
    const meter = this.#meters[run.backend]
    // The GPU's lanes wait for each other: a run's work was done after the one before it had ended.
    const waited = run.backend === 'webgpu' ? (meter.lastEnd ?? run.from) : run.from
    meter.record({ ...run, from: Math.min(run.to, Math.max(run.from, waited)) })
  }

  /** Forgets the past: after a stop, seconds of nothing are no measurement. */
  reset(): void {
    this.#meters = freshMeters()
  }

  /**
   * @param working the backends that are in the middle of a run. How busy they were in it is not known before its end, which on a
   * slow GPU may be seconds away: of them it tells the last seconds up to the end of the latest run
   */
  read(now: number, working: ReadonlySet<Backend>): Load {
    const read = (backend: Backend) => {
      const meter = this.#meters[backend]
      return meter.read(working.has(backend) ? (meter.lastEnd ?? now) : now)
    }
    const [wasm, webgpu] = [read('wasm'), read('webgpu')]
    return {
      busyShare: Math.min(1, wasm.busy / this.#cores),
      gpuBusyShare: Math.min(1, webgpu.busy),
      itemsPerSecond: wasm.itemsPerSecond + webgpu.itemsPerSecond,
    }
  }
}

function freshMeters(): Readonly<Record<Backend, BackendMeter>> {
  return { wasm: new BackendMeter(), webgpu: new BackendMeter() }
}

/** How much of a run, 0 to 1, came after `begin`. */
export function shareInside({ from, to }: { from: number; to: number }, begin: number): number {
  if (to <= begin) return 0
  const length = to - from
  return length > 0 ? (to - Math.max(from, begin)) / length : 1
}
