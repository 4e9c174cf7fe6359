import { digestToBytes } from '../protocol/digest.ts'
import type { TaskId } from '../protocol/ids.ts'
import type { Pool } from '../runtime/pool.ts'
import type { SliceResult } from '../runtime/sliceRun.ts'
import type { OutboxSlice } from './outboxEntry.ts'
import type { SliceToDo, TaskAtHand } from './taskAtHand.ts'
import type { VisitLog } from './visitLog.ts'

export interface WorkLoopParts {
  readonly pool: Pick<Pool, 'runSlice' | 'hungry'>
  readonly log: VisitLog
  /** A monotonic clock, ms. */
  readonly now: () => number
  /** `Date.now()` */
  readonly wallClock: () => number
  finished(task: TaskId, slice: OutboxSlice, done: SliceToDo, result: SliceResult): void
  /** Nothing more will come of this task. */
  ended(task: TaskId): void
  /** A slice could not be computed; its task is given up. */
  failed(error: unknown): void
  changed(): void
}

/** Feeds the pool from the tasks at hand, in the order they came, so that it never starves while there is work. */
export interface WorkLoop {
  readonly tasks: readonly TaskAtHand[]
  /** Credit of all slices that are not finished. */
  readonly creditLeft: bigint
  add(task: TaskAtHand): void
  feed(): void
  /** A report of this task counted: its lease goes on. */
  keep(task: TaskId): void
  /** Gives these tasks up; what is being computed of them is dropped. */
  giveUp(these: (task: TaskAtHand) => boolean): void
  /** Gives every task up, for good. */
  halt(): void
}

export function createWorkLoop(parts: WorkLoopParts): WorkLoop {
  const { pool, log } = parts
  const halting = new AbortController()
  let tasks: TaskAtHand[] = []

  function feed(): void {
    while (!halting.signal.aborted && pool.hungry) {
      const begun = begin()
      if (begun === undefined) break
      void compute(begun.task, begun.due)
    }
    retire()
  }

  function begin(): { task: TaskAtHand; due: SliceToDo } | undefined {
    for (const task of tasks) {
      const due = task.next(parts.now())
      if (due !== undefined) return { task, due }
    }
    return undefined
  }

  function retire(): void {
    const done = tasks.filter((task) => task.done)
    if (done.length === 0) return
    tasks = tasks.filter((task) => !task.done)
    for (const { task } of done) parts.ended(task.task)
    parts.changed()
  }

  async function compute(task: TaskAtHand, due: SliceToDo): Promise<void> {
    const { workunit, job, app, input } = due.ready
    const stitch = log.begin(workunit, due.slice)
    task.running++
    parts.changed()
    try {
      const result = await pool.runSlice(job, due.slice, due.seed, task.stopped)
      const outputs = result.outputs.map((record): unknown => app.decodeOutput(record, input))
      const { grant, slice } = due
      const digest = digestToBytes(result.digest)
      log.computed(stitch, workunit, outputs, parts.wallClock())
      task.creditLeft -= BigInt(2 ** slice.log2) * workunit.itemCost
      const finished: OutboxSlice = {
        slice: [grant, slice.start, slice.log2, digest],
        outputs,
        stitch,
      }
      parts.finished(task.task.task, finished, due, result)
    } catch (error) {
      log.dropped(stitch)
      task.abandon()
      if (!task.stopped.aborted) parts.failed(error)
    }
    task.running--
    parts.changed()
    feed()
  }

  function giveUp(these: (task: TaskAtHand) => boolean): void {
    for (const task of tasks.filter(these)) task.giveUp()
    retire()
  }

  return {
    get tasks() {
      return tasks
    },
    get creditLeft() {
      return tasks.reduce((sum, task) => sum + (task.creditLeft > 0n ? task.creditLeft : 0n), 0n)
    },
    add(task) {
      tasks.push(task)
      parts.changed()
      feed()
    },
    feed,
    keep(id) {
      tasks.find(({ task }) => task.task === id)?.keep(parts.now())
    },
    giveUp,
    halt() {
      halting.abort()
      giveUp(() => true)
    },
  }
}
