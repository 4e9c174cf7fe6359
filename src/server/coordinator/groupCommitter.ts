import { NotCommittedError } from '../errors.ts'
import type { Commit } from '../stores/store.ts'

/** How long the first commit of a group waits for others: less than a host notices, and many times what a commit takes from the disk. */
const GATHER_MS = 4

interface Waiting {
  readonly commit: Commit
  readonly done: () => void
  readonly failed: (error: NotCommittedError) => void
}

/**
 * Turns many commits into few: what arrives while a group is being written makes up the next one, so that one flush to
 * disk serves every host that reported meanwhile.
 *
 * A group that fails takes everything that waits behind it along, because that was computed from what was not written.
 * `onFailure` is called once for all of it, before anyone learns of it.
 */
export class GroupCommitter {
  readonly #write: (commits: readonly Commit[]) => Promise<void>
  readonly #onFailure: (cause: unknown) => void
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined

  constructor(
    write: (commits: readonly Commit[]) => Promise<void>,
    onFailure: (cause: unknown) => void,
  ) {
    this.#write = write
    this.#onFailure = onFailure
  }

  /**
   * Resolves when the commit is durable.
   * @throws NotCommittedError when it was not written, and never will be
   */
  add(commit: Commit): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ commit, done, failed })
      this.#running ??= this.#run()
    })
  }

  /** Resolves when everything that was added so far is written, or has failed. */
  async idle(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS))
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        await this.#write(group.map(({ commit }) => commit))
        for (const { done } of group) done()
      } catch (cause) {
        const lost = [...group, ...this.#waiting]
        this.#waiting = []
        this.#onFailure(cause)
        for (const { failed } of lost) failed(new NotCommittedError({ cause }))
      }
    }
    this.#running = undefined
  }
}
