import type { TaskId } from '../protocol/ids.ts'
import type { KeptTask } from './keptTask.ts'
import type { ContributorStorage } from './storage.ts'

/** Writes of finished slices may wait this long, so that many share one transaction. */
const BATCH_MS = 100

/** Collects changes and writes them in batches, in order. */
export interface Journal {
  /** Soon on disk. */
  put(task: KeptTask): void
  remove(task: TaskId): void
  /** Resolves when everything put so far is written, or could not be: then `failed` was called. */
  flush(): Promise<void>
}

/**
 * @param now a monotonic clock, ms
 * @param failed called when storage refuses a write; work goes on without it
 */
export function createJournal(
  storage: Pick<ContributorStorage, 'write'>,
  now: () => number,
  failed: (error: unknown) => void,
): Journal {
  let changes = new Map<TaskId, KeptTask | undefined>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let due = Infinity
  let writing: Promise<void> = Promise.resolve()

  function note(id: TaskId, task: KeptTask | undefined): void {
    changes.set(id, task)
    timer ??= setTimeout(() => void journal.flush(), BATCH_MS)
    due = Math.min(due, now() + BATCH_MS)
    // In a hidden tab timers may come once a minute; work goes on at full pace.
    if (now() >= due) void journal.flush()
  }

  const journal: Journal = {
    put: (task) => note(task.task, task),
    remove: (id) => note(id, undefined),
    flush() {
      clearTimeout(timer)
      timer = undefined
      due = Infinity
      if (changes.size === 0) return writing
      const batch = changes
      changes = new Map()
      writing = writing.then(() => storage.write(batch)).catch(failed)
      return writing
    },
  }
  return journal
}
