import { NotCommittedError } from '../errors.ts'
import type { WorkunitId } from '../../protocol/ids.ts'
import type { Commit } from '../stores/store.ts'
import { conflictOf, splitByConflict, type Conflict } from './conflict.ts'

/** How long the first commit of a group waits for others: less than a host notices, and many times what a commit takes from the disk. */
const GATHER_MS = 4

/** No group is larger: a transaction must stay short, and its parameters must fit a string. */
const MAX_COMMITS = 500
const MAX_BYTES = 4_000_000
/** What one output is counted as: frames are bounded, and so are outputs. */
const RESULT_BYTES = 1_000

interface Waiting {
  readonly commit: Commit
  /** Workunits that were looked at for it, those that it changes among them. */
  readonly looked: readonly WorkunitId[]
  readonly done: () => void
  readonly failed: (error: NotCommittedError) => void
}

interface Parts {
  readonly write: (commits: readonly Commit[]) => Promise<void>
  /** What the conflict names is not as it was thought to be. Called before anyone learns of it. */
  readonly onConflict: (conflict: Conflict, cause: unknown) => void
  /** Nothing that waits can be relied on. Called before anyone learns of it. */
  readonly onFailure: (cause: unknown) => void
}

/**
 * Turns many commits into few: what arrives while a group is being written makes up the next one, so that one flush to
 * disk serves every host that reported meanwhile.
 *
 * A group that meets a conflict (another coordinator has taken a workunit, or moved a task on) loses the commits that it concerns,
 * and all that build on them; the others are written. A group that fails takes everything that waits behind it
 * along, because that was computed from what was not written.
 */
export class GroupCommitter {
  readonly #parts: Parts
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Resolves when the commit is durable.
   * @param looked every workunit that was looked at for it, also where nothing of it counted
   * @throws NotCommittedError when it was not written, and never will be
   */
  add(commit: Commit, looked: readonly WorkunitId[]): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ commit, looked, done, failed })
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
      const size = groupSize(this.#waiting)
      const group = this.#waiting.slice(0, size)
      this.#waiting = this.#waiting.slice(size)
      try {
        await this.#parts.write(group.map(({ commit }) => commit))
        for (const { done } of group) done()
      } catch (cause) {
        this.#fail([...group, ...this.#waiting], cause)
      }
    }
    this.#running = undefined
  }

  #fail(undecided: readonly Waiting[], cause: unknown): void {
    const named = conflictOf(cause)
    const { conflict, lost, kept } = splitByConflict(undecided, named)
    const error = new NotCommittedError({ cause })
    // A conflict that concerns none of them would come again for ever.
    if (named === undefined || lost.length === 0) {
      this.#waiting = []
      this.#parts.onFailure(cause)
      for (const { failed } of undecided) failed(error)
    } else {
      this.#waiting = kept
      this.#parts.onConflict(conflict, cause)
      for (const { failed } of lost) failed(error)
    }
  }
}

/** How many of them make up the next group: one at least. */
function groupSize(waiting: readonly Waiting[]): number {
  let bytes = 0
  const end = waiting.findIndex(({ commit: { report, results } }, index) => {
    bytes += report.slices.length + report.ack.length + RESULT_BYTES * results.length
    return index > 0 && (index >= MAX_COMMITS || bytes > MAX_BYTES)
  })
  return end === -1 ? waiting.length : end
}
