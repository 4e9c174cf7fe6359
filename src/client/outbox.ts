import type { TaskId } from '../protocol/ids.ts'
import {
  MAX_SLICES_PER_REPORT,
  type Ack,
  type OutgoingHostFrame,
  type Report,
  type Task,
} from '../protocol/messages.ts'
import { startChain } from './chain.ts'
import type { Identity } from './identity.ts'
import type { Journal } from './journal.ts'
import type { KeptTask } from './keptTask.ts'
import type { DroppedBecause } from './snapshot.ts'
import {
  composeReport,
  fitsAlone,
  hasNothing,
  keptForm,
  newEntry,
  restoreEntry,
  type OutboxEntry,
  type OutboxSlice,
} from './outboxEntry.ts'

export interface OutboxParts {
  readonly identity: Identity
  readonly journal: Journal
  readonly send: (frame: OutgoingHostFrame) => void
  /** What is unsent, or how many tasks are open, has changed. */
  readonly changed: () => void
  /** These slices will not be sent, or not again: they are dropped. */
  readonly refused: (stitches: readonly (number | undefined)[], why: DroppedBecause) => void
  /** A report could not be made at all. */
  readonly failed: (error: unknown) => void
}

/** A report that was acknowledged, and the stitches that its slices are. */
export interface Delivery {
  readonly report: Report
  readonly stitches: readonly (number | undefined)[]
  /** Whether it was sent more than once, so that the coordinator may have counted it earlier. */
  readonly resent: boolean
}

/**
 * Everything that was computed and is not acknowledged, task by task. A report is composed once, kept, and only then sent;
 * it is sent again, unchanged, in every session until its ack comes; and each task has one in flight.
 */
export interface Outbox {
  /** Tasks with anything outstanding, those being computed included. */
  readonly openTasks: number
  /** Tasks of earlier visits among them. */
  readonly leftovers: number
  readonly unsentSlices: number
  /** A task was leased. It is kept from here on, so that a visit that crashes leaves no lease that nobody knows of. */
  open(task: Task): Promise<void>
  /** A task of an earlier visit: what it finished is reported, and a task that finished nothing is given back. */
  restore(kept: KeptTask): void
  /** A slice that fits into no report by itself is dropped here, and the rest of its task goes on. */
  finish(task: TaskId, slice: OutboxSlice): void
  /** No more slices of this task will come: what is left is reported with the seal, or the task is released. */
  end(task: TaskId): void
  /** Reports everything that is finished, without waiting for the interval. */
  flush(): void
  /** @returns undefined when nothing waits for this ack */
  acknowledge(ack: Ack): Delivery | undefined
  /** A session has opened: what was in flight goes again. */
  connected(): void
  /** A session is over. @param blamed the coordinator ended it itself */
  disconnected(blamed: boolean): void
  /** Gives back the leases of all tasks; what is unsent stays in storage. */
  releaseAll(): void
}

/** A report over which the coordinator ended this many sessions is poison: keeping it would keep the host out for ever. */
const MOST_STRIKES = 3

export function createOutbox(parts: OutboxParts): Outbox {
  const { identity, journal } = parts
  const entries = new Map<TaskId, OutboxEntry>()
  const leftovers = new Set<TaskId>()
  let session = 0
  let online = false
  /** Slices that stay in storage when all is over. */
  let leftBehind = 0

  function sendInFlight(entry: OutboxEntry): void {
    // While it is being composed it is not kept yet.
    if (!online || entry.composing || entry.inFlight === undefined) return
    if (entry.sentIn === session) return
    // After a session ended over some report, they go one at a time until it is clear which one it was.
    const inFlight = [...entries.values()].filter((other) => other.inFlight !== undefined)
    const careful = inFlight.some((other) => other.strikes > 0)
    if (careful && inFlight.some((other) => other.sentIn === session)) return
    entry.sentIn = session
    entry.sends++
    parts.send(entry.inFlight)
  }

  function advance(entry: OutboxEntry): void {
    proceed(entry).catch(parts.failed)
  }

  /** Composes and sends whatever this entry is due. */
  async function proceed(entry: OutboxEntry): Promise<void> {
    if (!online || entry.composing || entry.inFlight !== undefined) return
    if (entry.finished.length === 0 && !entry.ended) return
    if (hasNothing(entry)) {
      parts.send({ type: 'release', token: entry.token })
      return remove(entry)
    }
    entry.composing = true
    await composeReport(entry, identity)
    journal.put(keptForm(entry, identity))
    // Kept before it is sent: once these bytes may have arrived, nothing else may carry their number.
    await journal.flush()
    entry.composing = false
    sendInFlight(entry)
  }

  function remove(entry: OutboxEntry): void {
    entries.delete(entry.task)
    leftovers.delete(entry.task)
    journal.remove(entry.task)
    parts.changed()
  }

  function resume(): void {
    for (const entry of entries.values()) {
      sendInFlight(entry)
      if (entry.ended) advance(entry)
    }
  }

  return {
    get openTasks() {
      return entries.size
    },
    get leftovers() {
      return leftovers.size
    },
    get unsentSlices() {
      let slices = leftBehind
      for (const { finished, inFlight } of entries.values()) {
        slices += finished.length + (inFlight?.slices.length ?? 0)
      }
      return slices
    },
    async open(task) {
      // A copy: the frame it came in holds the whole task, and storage would keep all of it.
      const token = task.token.slice()
      const entry = newEntry(task.task, token, await startChain(token))
      entries.set(task.task, entry)
      journal.put(keptForm(entry, identity))
      void journal.flush()
      parts.changed()
    },
    restore(kept) {
      entries.set(kept.task, restoreEntry(kept))
      leftovers.add(kept.task)
      parts.changed()
    },
    finish(task, slice) {
      const entry = entries.get(task)
      // Given up over a report that ended too many sessions.
      if (entry === undefined) return parts.refused([slice.stitch], 'report-refused')
      if (!fitsAlone(slice, entry.token)) return parts.refused([slice.stitch], 'too-large')
      entry.finished.push(slice)
      journal.put(keptForm(entry, identity))
      if (entry.finished.length >= MAX_SLICES_PER_REPORT) advance(entry)
      parts.changed()
    },
    end(task) {
      const entry = entries.get(task)
      if (entry === undefined) return
      entry.ended = true
      advance(entry)
    },
    flush() {
      for (const entry of entries.values()) advance(entry)
    },
    acknowledge(ack) {
      const entry = entries.get(ack.task)
      if (entry?.inFlight?.seq !== ack.seq) return undefined
      const { inFlight: report, inFlightStitches: stitches, sends } = entry
      entry.inFlight = undefined
      entry.strikes = 0
      if (report.seal !== undefined) remove(entry)
      else {
        journal.put(keptForm(entry, identity))
        if (entry.ended || entry.finished.length >= MAX_SLICES_PER_REPORT) advance(entry)
      }
      resume()
      parts.changed()
      return { report, stitches, resent: sends > 1 }
    },
    connected() {
      session++
      online = true
      resume()
    },
    disconnected(blamed) {
      online = false
      if (!blamed) return
      for (const entry of entries.values()) {
        if (entry.inFlight === undefined || entry.sentIn !== session) continue
        entry.strikes++
        if (entry.strikes < MOST_STRIKES) continue
        const stitches = [...entry.inFlightStitches, ...entry.finished.map(({ stitch }) => stitch)]
        parts.refused(stitches, 'report-refused')
        remove(entry)
      }
    },
    releaseAll() {
      leftBehind = this.unsentSlices
      for (const entry of entries.values()) {
        parts.send({ type: 'release', token: entry.token })
        if (online && hasNothing(entry)) journal.remove(entry.task)
      }
      entries.clear()
      leftovers.clear()
      parts.changed()
    },
  }
}
