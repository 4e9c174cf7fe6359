import type { TaskId } from '../protocol/ids.ts'
import { MAX_OUTPUTS_PER_REPORT, MAX_SLICES_PER_REPORT, type Report } from '../protocol/messages.ts'
import { sealStatement } from '../protocol/statement.ts'
import { extendChain } from './chain.ts'
import type { Identity } from './identity.ts'
import type { FinishedSlice, KeptTask } from './keptTask.ts'

/** A finished slice and what its engine knows it by; nothing of the latter is kept or sent. */
export interface OutboxSlice extends FinishedSlice {
  /** Undefined for slices of an earlier visit. */
  readonly stitch?: number
}

/** One task's way to the coordinator. */
export interface OutboxEntry {
  readonly task: TaskId
  readonly token: Uint8Array<ArrayBuffer>
  nextSeq: number
  head: Uint8Array<ArrayBuffer>
  finished: OutboxSlice[]
  /** Composed and not acknowledged: its bytes never change. */
  inFlight: Report | undefined
  inFlightStitches: readonly (number | undefined)[]
  /** No more slices will be finished: the next report is the last. */
  ended: boolean
  composing: boolean
  /** The session in which `inFlight` was sent last. */
  sentIn: number | undefined
  /** How often `inFlight` was sent. */
  sends: number
  /** How often the coordinator ended a session over this report. */
  strikes: number
}

export function newEntry(
  task: TaskId,
  token: Uint8Array<ArrayBuffer>,
  head: Uint8Array<ArrayBuffer>,
): OutboxEntry {
  return {
    task,
    token,
    nextSeq: 0,
    head,
    finished: [],
    inFlight: undefined,
    inFlightStitches: [],
    ended: false,
    composing: false,
    sentIn: undefined,
    sends: 0,
    strikes: 0,
  }
}

/** An entry of an earlier visit: nothing will be added to it. */
export function restoreEntry(kept: KeptTask): OutboxEntry {
  return {
    ...newEntry(kept.task, kept.token, kept.head),
    nextSeq: kept.nextSeq,
    finished: [...kept.finished],
    inFlight: kept.inFlight,
    inFlightStitches: kept.inFlight?.slices.map(() => undefined) ?? [],
    ended: true,
    // It was on its way when that visit ended.
    sends: 1,
  }
}

export function keptForm(entry: OutboxEntry, identity: Identity): KeptTask {
  return {
    host: identity.host,
    task: entry.task,
    token: entry.token,
    nextSeq: entry.nextSeq,
    head: entry.head,
    ...(entry.inFlight === undefined ? {} : { inFlight: entry.inFlight }),
    finished: entry.finished.map(({ slice, outputs }) => ({ slice, outputs })),
  }
}

/**
 * Turns what is finished into the next report and moves the chain on. When nothing can follow it, it carries the seal:
 * the signature over the head that it leads to.
 */
export async function composeReport(entry: OutboxEntry, identity: Identity): Promise<void> {
  const taken = entry.finished.slice(0, fitting(entry.finished))
  const body = {
    seq: entry.nextSeq,
    slices: taken.map(({ slice }) => slice),
    outputs: taken.flatMap(({ outputs }, index) =>
      outputs.map((output): [number, unknown] => [index, output]),
    ),
  }
  const head = await extendChain(entry.head, body)
  const last = entry.ended && taken.length === entry.finished.length
  const seal = last ? await identity.sign(sealStatement(entry.task, head)) : undefined
  entry.inFlight = { type: 'report', token: entry.token, ...body, ...(seal && { seal }) }
  entry.inFlightStitches = taken.map(({ stitch }) => stitch)
  entry.finished.splice(0, taken.length)
  entry.head = head
  entry.nextSeq++
  entry.sentIn = undefined
  entry.sends = 0
  entry.strikes = 0
}

/** How many slices from the front fit into one report. */
function fitting(finished: readonly OutboxSlice[]): number {
  let slices = 0
  let outputs = 0
  for (const slice of finished) {
    outputs += slice.outputs.length
    if (slices === MAX_SLICES_PER_REPORT) break
    if (outputs > MAX_OUTPUTS_PER_REPORT && slices > 0) break
    slices++
  }
  return slices
}
