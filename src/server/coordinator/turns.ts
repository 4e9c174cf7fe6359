/** Runs jobs of one key strictly one after another, jobs of different keys side by side. */
export class Turns<Key> {
  readonly #last = new Map<Key, Promise<unknown>>()

  /** Resolves or rejects as the job does. */
  async run<Result>(key: Key, job: () => Promise<Result>): Promise<Result> {
    // The job before has its own listener; here only its end matters.
    const before = this.#last.get(key)?.then(ignore, ignore)
    const mine = before === undefined ? job() : before.then(job)
    this.#last.set(key, mine)
    try {
      return await mine
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key)
    }
  }

  /** Resolves when no job is left. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values())
  }
}

function ignore(): void {}
