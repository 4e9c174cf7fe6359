import { FencedError, ReportOrderError } from '../../protocol/errors.ts'
import type { TaskId, WorkunitId } from '../../protocol/ids.ts'
import type { Commit } from '../stores/store.ts'

/** Workunits and tasks of which the store knows more than this coordinator does. */
export interface Conflict {
  readonly workunits: ReadonlySet<WorkunitId>
  readonly tasks: ReadonlySet<TaskId>
  /** Of the workunits, those that another coordinator has claimed. */
  readonly taken: ReadonlySet<WorkunitId>
}

/** What another coordinator did in between, where that is why a commit failed; undefined for any other reason. */
export function conflictOf(cause: unknown): Conflict | undefined {
  // The store names them by the ids that it was given.
  if (cause instanceof FencedError) {
    const taken = new Set([cause.details.workunit as WorkunitId])
    return { workunits: taken, tasks: new Set(), taken }
  }
  if (cause instanceof ReportOrderError) {
    const tasks = new Set([cause.details.task as TaskId])
    return { workunits: new Set(), tasks, taken: new Set() }
  }
  return undefined
}

/**
 * Which commits a conflict concerns: those that name what it names, and every one that shares a workunit or a task with one of
 * those, since its sets count what is lost. The conflict grows by all that they name.
 */
export function splitByConflict<Item>(
  items: readonly Item[],
  commitOf: (item: Item) => Commit,
  named: Conflict | undefined,
): { readonly conflict: Conflict; readonly lost: Item[]; readonly kept: Item[] } {
  const workunits = new Set(named?.workunits)
  const tasks = new Set(named?.tasks)
  const lost = new Set<Item>()
  for (let before = -1; before < lost.size;) {
    before = lost.size
    for (const item of items) {
      const { report, workunits: updates } = commitOf(item)
      const isConcerned = tasks.has(report.task) || updates.some(({ id }) => workunits.has(id))
      if (lost.has(item) || !isConcerned) continue
      lost.add(item)
      tasks.add(report.task)
      for (const { id } of updates) workunits.add(id)
    }
  }
  return {
    conflict: { workunits, tasks, taken: named?.taken ?? new Set() },
    lost: [...lost],
    kept: items.filter((item) => !lost.has(item)),
  }
}
