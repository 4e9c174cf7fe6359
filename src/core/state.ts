import { Map, type List } from 'immutable'
import type { Credit } from '../protocol/credit.ts'
import type { Seed } from '../protocol/digest.ts'
import type { AppId, BatchId, HostId, TaskId, WorkunitId } from '../protocol/ids.ts'
import type { IntervalSet, ItemRange } from '../protocol/intervalSet.ts'
import type { BatchKind } from '../protocol/messages.ts'

/**
 * Everything the coordinator's mind knows, as one immutable value. Functions of this folder take it and return the next
 * one; time and randomness come in as arguments. Only `reported` and `final` of each workunit are durable: all the rest
 * may be lost at any moment, and then time is lost, never work.
 */
export interface CoreState {
  /** The workunits this coordinator has claimed and that are not all final. */
  readonly workunits: Map<WorkunitId, Workunit>
  /** The batches those belong to. */
  readonly batches: Map<BatchId, Batch>
  /** Credit leased and done or still held, of each app in batches of each kind, by `kind app`: the app with the least goes first. */
  readonly shares: Map<string, Credit>
  /** Live tasks. A task that expired is forgotten, not forbidden: its reports still count while their items are undone. */
  readonly tasks: Map<TaskId, Task>
  /** Hosts of this visit, kept while they are connected or hold a task. */
  readonly hosts: Map<HostId, Host>
}

export interface Workunit {
  readonly id: WorkunitId
  readonly batch: BatchId
  readonly app: AppId
  readonly version: number
  readonly itemCount: number
  readonly itemCost: Credit
  /** Of the claim under which this coordinator may write. */
  readonly epoch: number
  /** Items reported and not final yet. */
  readonly reported: IntervalSet
  /** Items that are final. Disjoint from `reported`. */
  readonly final: IntervalSet
  /** Items that live tasks hold, done or not. */
  readonly leased: IntervalSet
}

export interface Batch {
  readonly id: BatchId
  readonly kind: BatchKind
  readonly app: AppId
  readonly version: number
  /**
   * Workunits to look at for undone items, first come first served. A workunit may stand here with nothing to lease (it
   * is dropped when it is looked at), but one with items to lease always stands here.
   */
  readonly queue: List<WorkunitId>
  /** Credit leased from this batch and done or still held: among an app's batches of one kind, the one with the least goes first. */
  readonly leasedCredit: Credit
}

/** A run of items with its seed: one line of a lease. Its slices are `slicesOf(grant, log2)`. */
export interface Grant extends ItemRange {
  readonly workunit: WorkunitId
  readonly log2: number
  readonly seed: Seed
}

/** What a lease token says. */
export interface Lease {
  readonly task: TaskId
  readonly host: HostId
  /** ms since the epoch. */
  readonly expiresAt: number
  readonly grants: readonly Grant[]
}

/** A lease that is being worked on. */
export interface Task extends Lease {
  /** The number that its next report must carry. */
  readonly nextSeq: number
  /** What the task keeps others from leasing. No item is held by two tasks; a workunit's `leased` is the sum of them. */
  readonly held: ReadonlyMap<WorkunitId, IntervalSet>
  /** Credit of all that it held at first. */
  readonly worth: Credit
}

export interface Host {
  readonly id: HostId
  readonly tasks: readonly TaskId[]
  /** When the first task of this visit was leased, ms since the epoch. */
  readonly firstLeaseAt: number
  /** How many tasks it was leased in this visit. */
  readonly leases: number
  /** How long its next lease will be, ms. */
  readonly nextLeaseMs: number
  /** The most credit that its next task may be worth: it has finished tasks worth a good part of that. */
  readonly allowance: Credit
}

export const emptyState: CoreState = {
  workunits: Map(),
  batches: Map(),
  shares: Map(),
  tasks: Map(),
  hosts: Map(),
}
