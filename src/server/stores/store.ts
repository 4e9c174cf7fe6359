import type { Credit } from '../../protocol/credit.ts'
import type { BatchId, HostId, TaskId, WorkunitId } from '../../protocol/ids.ts'
import type {
  BatchState,
  ClaimedWorkunit,
  Commit,
  FinishedWorkunit,
  NewBatch,
  NewWorkunit,
  SeenHost,
  StoredBatch,
  StoredHost,
  StoredReport,
  StoredResult,
  StoredTask,
  StoredWorkunit,
  Totals,
  UnfinishedRequests,
  Yield,
} from './records.ts'

export type * from './records.ts'

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
  /** Sums over all that this host reported, by app and version; none for a host that is unknown. */
  yields(host: HostId): Promise<Yield[]>
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
