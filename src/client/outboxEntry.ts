import type { TaskId } from '../protocol/ids.ts'
import { encodeFrame } from '../protocol/frame.ts'
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
  const taken = entry.finished.slice(0, fitting(entry))
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

/** Whether nothing of it was ever reported, or could be: its lease can simply be given back. */
export function hasNothing(entry: OutboxEntry): boolean {
  return entry.finished.length === 0 && entry.inFlight === undefined && entry.nextSeq === 0
}

/**
 * Longest frame that is composed, bytes: three quarters of what coordinators take unless they are told otherwise, so that one
 * with a somewhat lower limit still takes it.
 */
export const MOST_FRAME_BYTES = 49_152

/** Whether a report with this slice and no other can be sent at all. */
export function fitsAlone(slice: FinishedSlice, token: Report['token']): boolean {
  return slice.outputs.length <= MAX_OUTPUTS_PER_REPORT && bytesOf(slice) <= roomBeside(token)
}

/** How many slices from the front fit into one report, by count and by bytes; at least one. */
function fitting({ finished, token }: OutboxEntry): number {
  let slices = 0
  let outputs = 0
  let room = roomBeside(token)
  for (const slice of finished.slice(0, MAX_SLICES_PER_REPORT)) {
    outputs += slice.outputs.length
    room -= bytesOf(slice)
    if (slices > 0 && (outputs > MAX_OUTPUTS_PER_REPORT || room < 0)) break
    slices++
  }
  return slices
}

/** What a slice adds to a frame, bytes. */
function bytesOf({ slice, outputs }: FinishedSlice): number {
  // Of all indexes into a report, the last takes the most bytes.
  return outputs.reduce<number>(
    (bytes, output) => bytes + encodeFrame([MAX_SLICES_PER_REPORT - 1, output]).length,
    encodeFrame(slice).length,
  )
}

/** What a sealed report of this task has left for slices and outputs, bytes. */
function roomBeside(token: Report['token']): number {
  const report: Report = {
    type: 'report',
    token,
    seq: 0,
    slices: [],
    outputs: [],
    seal: new Uint8Array(64),
  }
  // Numbers and the lengths of lists take a byte while they are small, and up to nine and five later.
  return MOST_FRAME_BYTES - encodeFrame(report).length - 16
}
