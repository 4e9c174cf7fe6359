import type { Credit } from '../../protocol/credit.ts'
import type { AppId, BatchId, HostId, TaskId, WorkunitId } from '../../protocol/ids.ts'
import type { IntervalSet } from '../../protocol/intervalSet.ts'
import type { BatchKind, HostKey } from '../../protocol/messages.ts'

/**
 * Durable state, small and append-mostly: what is leased lives in memory, what is done lives here. One contract, one
 * conformance suite (`tests/conformance/store`), several engines.
 *
 * The authority on what is done is each workunit's pair of interval sets. It is written only by the coordinator that
 * claimed the workunit, under the epoch of that claim, in the same transaction as the report it follows from.
 */
export interface Store {
  /**
   * Whether other coordinators may be at work in it: then batches come and go without this one's doing, and what it has
   * claimed may be taken over.
   */
  readonly shared: boolean

  /** A random 32-byte secret, made at first use and the same ever after; `name` separates uses. */
  secret(name: string): Promise<Uint8Array>

  /**
   * Adds a batch with no workunits, open.
   * @throws AlreadyExistsError when there is a batch of this id; it is left as it is
   */
  addBatch(batch: NewBatch): Promise<void>
  /**
   * Appends workunits at positions `from`, `from + 1`, ...; positions that exist already are left as they are.
   * @throws NotFoundError when there is no such batch
   * @throws BatchTooLargeError when the batch would have more than 2^53 - 1 items, or 2^63 - 1 credit; none of them is
   * added then
   */
  addWorkunits(batch: BatchId, from: number, workunits: readonly NewWorkunit[]): Promise<void>
  /**
   * Says whether more workunits will come. Nothing is ever claimed from a cancelled batch, and it stays cancelled.
   * @returns the state that the batch has now
   * @throws NotFoundError when there is no such batch
   */
  setBatchState(batch: BatchId, state: BatchState): Promise<BatchState>

  /**
   * Takes up to `limit` unfinished workunits of a batch for this owner until `until`, in order of position: those that nobody
   * holds, whose claim ran out (its `until` is `now` or before), or that this very owner claimed through a store opened
   * earlier (it restarted). What the owner claimed through this store is its own already and is left out: the next claim
   * brings the next workunits. Every claim raises the workunit's epoch, and with that fences whoever held it before.
   */
  claim(claim: {
    owner: string
    batch: BatchId
    limit: number
    now: number
    until: number
  }): Promise<ClaimedWorkunit[]>
  /**
   * Takes those of these workunits that are unfinished, of batches that are not cancelled, in the order given, each once;
   * unknown ones are left out. Whoever holds them is fenced, this owner too: for reports whose lease token shows
   * that the work has come here.
   */
  claimThese(claim: {
    owner: string
    workunits: readonly WorkunitId[]
    now: number
    until: number
  }): Promise<ClaimedWorkunit[]>
  /**
   * Of the claims that this owner made through this store, and still has, those of `held` now end at `until`; all others are given
   * back, so that nothing is owned of which the owner has lost sight.
   * @returns which of `held` it still has, in any order
   */
  renewClaims(owner: string, until: number, held: readonly WorkunitId[]): Promise<WorkunitId[]>
  /** Gives every claim of this owner back, those of its earlier lives too. Epochs stay until somebody claims. */
  releaseClaims(owner: string): Promise<void>

  /**
   * Group commit, in the order given: all of it or nothing, durable when the promise resolves. Hosts that a commit brings
   * along are remembered as `upsertHost` does, before anything else of the group. Where several commits update
   * one workunit the last one holds. The same output of the same workunit is kept once, the first one. A workunit whose
   * items are all final is finished: its claim ends.
   * @throws FencedError when any workunit of any commit has another epoch now; it names all of these
   * @throws ReportOrderError when a report does not carry its task's next number: a replay, or a gap
   * @throws NotFoundError when a host or a workunit is unknown
   */
  commit(commits: readonly Commit[]): Promise<void>

  /** A task that has reported, as its last commit left it. */
  task(id: TaskId): Promise<StoredTask | undefined>
  /** The acknowledgement given for one report of a task, so that a replay gets the same answer. */
  report(task: TaskId, seq: number): Promise<StoredReport | undefined>
  /** Every report, oldest first, in pages: for audits, checks and tests. */
  reports(page: Page): Promise<StoredReport[]>

  /** Remembers a host and its key; `seenAt` moves on. */
  upsertHost(host: SeenHost): Promise<StoredHost>
  host(id: HostId): Promise<StoredHost | undefined>
  /** By credit (reported + final), most first; among equals by id. */
  hosts(page: Page<HostRank>): Promise<StoredHost[]>

  batch(id: BatchId): Promise<StoredBatch | undefined>
  /** The last one added first. */
  batches(page: Page<BatchId>): Promise<StoredBatch[]>
  /**
   * The ids of batches that may have work, now or later: neither cancelled nor sealed and finished. In the order of
   * `batches`; can be listed whatever a row says.
   */
  unfinishedBatches(page: Page<BatchId>): Promise<BatchId[]>
  /** Of all requests that are unfinished: what quotas and estimates go by. */
  unfinishedRequests(): Promise<UnfinishedRequests>
  workunit(id: WorkunitId): Promise<StoredWorkunit | undefined>
  /** The workunit with the highest position: where a seed goes on. */
  lastWorkunit(batch: BatchId): Promise<StoredWorkunit | undefined>
  /** Workunits of a batch in order of position. */
  workunits(batch: BatchId, page: Page): Promise<StoredWorkunit[]>
  /** Finished workunits of a batch in the order in which they were finished; `after` is a `finished.no`. */
  finishedWorkunits(batch: BatchId, page: Page): Promise<FinishedWorkunit[]>
  /** Outputs of a batch in order of arrival. One that is read after a page is never part of an earlier page. */
  results(batch: BatchId, page: Page): Promise<StoredResult[]>
  /** Every output of these workunits, in order of arrival. */
  resultsOf(workunits: readonly WorkunitId[]): Promise<StoredResult[]>
  totals(): Promise<Totals>

  close(): Promise<void>
}

/** `after` is where the page before ended: an id or a position unless the list says otherwise. Without it, from the start. */
export interface Page<Cursor = number> {
  readonly after?: Cursor | undefined
  readonly limit: number
}

/** Where a host stands in the list: `credit` as it was when the page was read, so that what it earns since moves no one. */
export interface HostRank {
  /** Reported + final. */
  readonly credit: Credit
  readonly id: HostId
}

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
