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
    const taken = new Set(cause.details.workunits as readonly WorkunitId[])
    return { workunits: taken, tasks: new Set(), taken }
  }
  if (cause instanceof ReportOrderError) {
    const tasks = new Set([cause.details.task as TaskId])
    return { workunits: new Set(), tasks, taken: new Set() }
  }
  return undefined
}

/** A commit, and the workunits that were looked at for it. */
interface Decided {
  readonly commit: Commit
  readonly looked: readonly WorkunitId[]
}

/**
 * Which commits a conflict concerns: those of tasks that it names, and those for which a workunit was looked at that it names. What they
 * would have changed joins the conflict, since others may have been refused, or counted, because of it.
 */
export function splitByConflict<Item extends Decided>(
  items: readonly Item[],
  named: Conflict | undefined,
): { readonly conflict: Conflict; readonly lost: Item[]; readonly kept: Item[] } {
  const workunits = new Set(named?.workunits)
  const tasks = new Set(named?.tasks)
  const lost = new Set<Item>()
  for (let before = -1; before < lost.size;) {
    before = lost.size
    for (const item of items) {
      const { report, workunits: updates } = item.commit
      const isConcerned = tasks.has(report.task) || item.looked.some((id) => workunits.has(id))
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
