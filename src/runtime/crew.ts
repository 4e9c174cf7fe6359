import type { Lane, PoolWorker } from './poolWorker.ts'

/** The workers of one backend and those of their lanes that are free. A worker is started when there is no lane left. */
export class Crew<W extends PoolWorker = PoolWorker> {
  readonly #start: () => W
  #workers: readonly W[] = []
  #free: readonly Lane[] = []

  constructor(start: () => W) {
    this.#start = start
  }

  /** Whether this worker is one of the crew: not lost, not ended. */
  has(worker: PoolWorker): boolean {
    return this.#workers.some((one) => one === worker)
  }

  /** A worker of the crew; started if there is none. @throws whatever starting it throws */
  anyone(): W {
    return this.#workers[0] ?? this.#enlist()
  }

  /** @throws whatever starting a worker throws */
  take(): Lane {
    if (this.#free.length === 0) this.#enlist()
    const [lane, ...others] = this.#free
    if (lane === undefined) throw new RangeError('A worker has at least one lane.')
    this.#free = others
    return lane
  }

  giveBack(lane: Lane): void {
    if (this.has(lane.worker)) this.#free = [lane, ...this.#free]
  }

  /** What its lanes run is lost. */
  end(worker: PoolWorker): void {
    if (!this.has(worker)) return
    this.#workers = this.#workers.filter((one) => one !== worker)
    this.#free = this.#free.filter((lane) => lane.worker !== worker)
    worker.terminate()
  }

  /** Ends workers that have nothing to do, as long as there are more than this many. */
  trim(most: number): void {
    for (const worker of this.#workers) {
      if (this.#workers.length <= most) return
      if (worker.lanes.every((lane) => this.#free.includes(lane))) this.end(worker)
    }
  }

  endAll(): void {
    for (const worker of this.#workers) this.end(worker)
  }

  #enlist(): W {
    const worker = this.#start()
    this.#workers = [...this.#workers, worker]
    this.#free = [...this.#free, ...worker.lanes]
    return worker
  }
}
