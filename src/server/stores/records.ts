import type { Credit } from '../../protocol/credit.ts'
import type { AppId, BatchId, HostId, TaskId, WorkunitId } from '../../protocol/ids.ts'
import type { IntervalSet } from '../../protocol/intervalSet.ts'
import type { BatchKind, HostKey } from '../../protocol/messages.ts'

/** What goes into a store and what comes out of it; `store.ts` says how. */

/** `open`: more workunits may come. `sealed`: no more will. `cancelled`: nothing is leased any more. */
export type BatchState = 'open' | 'sealed' | 'cancelled'

export interface NewBatch {
  readonly id: BatchId
  readonly kind: BatchKind
  readonly app: AppId
  readonly version: number
  readonly title: string
  readonly createdAt: number
  /** The share of wrong final slices that the requester can live with, above 0 and below 1: how much is audited follows from it. */
  readonly epsilon: number
}

export interface NewWorkunit {
  /** As the app's input schema has it: plain JSON, parsed when it came in and never again. */
  readonly input: unknown
  /** The requester's own line number, carried through to the results. */
  readonly source: string | null
  /** The requester's own name for it, such as an assignment id: for the requester's eyes only. */
  readonly key: string | null
  readonly itemCount: number
  readonly itemCost: Credit
}

export interface StoredWorkunit extends NewWorkunit {
  readonly id: WorkunitId
  readonly batch: BatchId
  readonly position: number
  /** Items reported and not yet final. */
  readonly reported: IntervalSet
  /** Items that are final. Disjoint from `reported`. */
  readonly final: IntervalSet
}

/** A workunit whose items are all final. */
export interface FinishedWorkunit extends StoredWorkunit {
  readonly finished: {
    /** Rises within the batch as workunits are finished, and is never given twice; one that was opened again gets a new one. */
    readonly no: number
    /** When the last report of it was received, ms since the epoch. */
    readonly at: number
  }
}

export interface ClaimedWorkunit extends StoredWorkunit {
  readonly epoch: number
}

/** Counters of items are exact up to 2^53 - 1 and stay there, here and in `StoredHost` and `Totals`: reading never fails. */
export interface StoredBatch extends NewBatch {
  readonly state: BatchState
  readonly workunits: number
  /** Workunits whose items are all final. */
  readonly finished: number
  readonly items: number
  readonly itemsReported: number
  readonly itemsFinal: number
  /** Of all items. */
  readonly credit: Credit
  /** Of the items reported and not yet final, and of the final ones. */
  readonly creditReported: Credit
  readonly creditFinal: Credit
  readonly results: number
}

export interface UnfinishedRequests {
  readonly batches: number
  /** Workunits that are not finished. */
  readonly workunits: number
  /** Of items that are neither reported nor final. */
  readonly credit: Credit
}

/** One report and everything that follows from it. */
export interface Commit {
  /** Who reported, if the store may not know it yet: the first report of a session brings it along. */
  readonly host?: SeenHost | undefined
  readonly report: NewReport
  /** The sets as they are after this report, under the epoch they were computed in. */
  readonly workunits: readonly WorkunitUpdate[]
  readonly results: readonly NewResult[]
  /** What its host should have found in this report and what it found, an app version at a time: each is there at most once. */
  readonly yields?: readonly Yield[]
}

/**
 * Of one app version: how many outputs the items that counted should have had on average, and how many they had. Only app versions
 * that can say what to expect have one.
 */
export interface Yield {
  readonly app: AppId
  readonly version: number
  /** At least 0, finite. */
  readonly expected: number
  readonly found: number
}

export interface WorkunitUpdate {
  readonly id: WorkunitId
  readonly epoch: number
  readonly reported: IntervalSet
  readonly final: IntervalSet
}

export interface NewReport {
  readonly task: TaskId
  readonly seq: number
  readonly host: HostId
  readonly receivedAt: number
  /** Every slice of the frame, refused ones too, as `encodeSliceRecords` packs them. */
  readonly slices: Uint8Array
  /** How many slices the frame had. */
  readonly sliceCount: number
  /** The task's chain head after this report, 32 bytes. */
  readonly head: Uint8Array
  /** The host's signature over the head, on the last report of a task. */
  readonly seal: Uint8Array | null
  /** The acknowledgement, as JSON: given again, word for word, to a replay. */
  readonly ack: string
  readonly acceptedItems: number
  /** Of `credit`, what is final already and what is not. */
  readonly creditReported: Credit
  readonly creditFinal: Credit
}

export interface StoredReport extends NewReport {
  readonly id: number
}

export interface StoredTask {
  readonly id: TaskId
  readonly host: HostId
  /** The number that the next report must carry. */
  readonly nextSeq: number
  readonly head: Uint8Array
  readonly sealed: boolean
}

export interface NewResult {
  readonly workunit: WorkunitId
  readonly host: HostId
  readonly output: unknown
  readonly state: 'reported' | 'final'
  readonly foundAt: number
}

export interface StoredResult extends NewResult {
  readonly id: number
  readonly batch: BatchId
}

export interface SeenHost {
  readonly id: HostId
  readonly key: HostKey
  /** ms since the epoch. */
  readonly seenAt: number
}

export interface StoredHost {
  readonly id: HostId
  readonly key: HostKey
  readonly firstSeenAt: number
  readonly lastSeenAt: number
  readonly creditReported: Credit
  readonly creditFinal: Credit
  /** Slices of its reports, refused ones too. */
  readonly slices: number
  /** Items that were accepted. */
  readonly items: number
}

/** Sums over every report; credit and slices as in `StoredHost`. */
export interface Totals {
  readonly hosts: number
  readonly reports: number
  readonly slices: number
  readonly items: number
  readonly results: number
  readonly creditReported: Credit
  readonly creditFinal: Credit
}
