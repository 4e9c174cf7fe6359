import type { Backend, Pace } from './executor.ts'
import type { Lane } from './poolWorker.ts'
import type { SliceRun } from './sliceRun.ts'

interface RunUnderWay {
  readonly backend: Backend
  readonly lane: Lane
  readonly slice: SliceRun
  /** Resolves when the run has ended, however it did. */
  readonly settled: Promise<void>
}

/** What lanes are at just now. */
export class RunsUnderWay {
  #runs: readonly RunUnderWay[] = []

  begin(run: RunUnderWay): void {
    this.#runs = [...this.#runs, run]
  }

  end(lane: Lane): void {
    this.#runs = this.#runs.filter((run) => run.lane !== lane)
  }

  get backends(): ReadonlySet<Backend> {
    return new Set(this.#runs.map(({ backend }) => backend))
  }

  get slices(): readonly SliceRun[] {
    return this.#runs.map(({ slice }) => slice)
  }

  /** With their backends, the longest under way first. */
  get lanes(): readonly (readonly [Lane, Backend])[] {
    return this.#runs.map(({ lane, backend }) => [lane, backend])
  }

  /** The longest under way first. */
  lanesOn(backend: Backend): readonly Lane[] {
    return this.#runs.flatMap((run) => (run.backend === backend ? [run.lane] : []))
  }

  /** Ends the runs of a slice before their next item or dispatch. */
  abort(slice: SliceRun): void {
    for (const run of this.#runs) if (run.slice === slice) run.lane.abort()
  }

  setPaces(paceOf: (backend: Backend) => Pace): void {
    for (const { backend, lane } of this.#runs) lane.worker.setPace(paceOf(backend))
  }

  /** Resolves when all that are under way now have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#runs.map(({ settled }) => settled))
  }
}
