import { creditFor, type Credit } from '../protocol/credit.ts'
import type { Seed } from '../protocol/digest.ts'
import type { HostId, TaskId, WorkunitId } from '../protocol/ids.ts'
import { rangesOf, setOf, union, type IntervalSet } from '../protocol/intervalSet.ts'
import { MAX_GRANTS_PER_TASK } from '../protocol/messages.ts'
import { MAX_SLICE_LOG2 } from '../protocol/slice.ts'
import { charge } from './charge.ts'
import type { Batch, CoreState, Grant, Host, Lease, Workunit } from './state.ts'
import { turnsOf } from './turns.ts'
import { undoneItems } from './workunit.ts'

/** The first lease of a visit; each finished task doubles it, up to the last. */
export const FIRST_LEASE_MS = 10_000
export const LONGEST_LEASE_MS = 300_000
/** A slice is about this long for the host that gets it. */
export const SLICE_MS = 500
/** How much of a lease is filled with work, so that a host slower than it thought still arrives in time. */
export const LEASE_FILL = 0.5
/** A host holds the task it computes and the next one. */
export const MAX_TASKS_PER_HOST = 2
/** A first task is worth at most this, whatever speed is claimed: what some twenty cores do in half of the first lease. */
export const FIRST_ALLOWANCE = 400_000n
/** A task that was finished lets the next be worth this many times as much. */
export const ALLOWANCE_GROWTH = 4n

export interface Ask {
  readonly host: HostId
  /** The id that the task will have. */
  readonly task: TaskId
  /** ms since the epoch. */
  readonly now: number
  /** Credit per second, as the host says: sizes its slices, and its tasks up to its allowance. */
  readonly speed: number
  readonly canRun: (app: string, version: number) => boolean
  /** Fresh seeds, one for each grant. */
  readonly random: () => Seed
}

export type LeaseOutcome =
  | { readonly status: 'leased'; readonly lease: Lease; readonly leaseMs: number }
  | {
      readonly status: 'noWork'
      readonly reason: 'no-batches' | 'all-leased' | 'no-app-in-common' | 'too-many-tasks'
      readonly retryAfterMs: number
    }

/** Leases work worth about half a lease of this host's time, from the batches whose turn it is. */
export function leaseTask(state: CoreState, ask: Ask): [CoreState, LeaseOutcome] {
  const host = state.hosts.get(ask.host) ?? newHost(ask.host, ask.now)
  if (host.tasks.length >= MAX_TASKS_PER_HOST) return [state, noWork('too-many-tasks', 1_000)]
  const runnable = state.batches
    .valueSeq()
    .filter((batch) => ask.canRun(batch.app, batch.version))
    .toArray()
  if (runnable.length === 0) {
    return [state, noWork(state.batches.isEmpty() ? 'no-batches' : 'no-app-in-common', 5_000)]
  }

  const leaseMs = host.nextLeaseMs
  const speed = Math.max(ask.speed, 1)
  let budget = Math.min((speed * leaseMs * LEASE_FILL) / 1_000, Number(host.allowance))
  let next = state
  let worth = 0n
  const grants: Grant[] = []
  for (const { batches, quota } of turnsOf(state, runnable, host, { now: ask.now, budget })) {
    let left = quota
    for (const batch of batches) {
      while (Math.min(left, budget) > 0 && grants.length < MAX_GRANTS_PER_TASK) {
        const taken = takeFrom(
          next,
          batch,
          { speed, budget: Math.min(left, budget), room: MAX_GRANTS_PER_TASK - grants.length },
          ask.random,
        )
        // Also where there was nothing: what was looked at and dropped must not count as waiting.
        next = taken.state
        if (taken.grants.length === 0) break
        left -= Number(taken.credit)
        budget -= Number(taken.credit)
        worth += taken.credit
        grants.push(...taken.grants)
      }
    }
  }
  if (grants.length === 0) return [next, noWork('all-leased', 2_000)]

  const lease: Lease = { task: ask.task, host: ask.host, expiresAt: ask.now + leaseMs, grants }
  return [
    {
      ...next,
      tasks: next.tasks.set(lease.task, { ...lease, nextSeq: 0, held: itemsOf(lease), worth }),
      hosts: next.hosts.set(ask.host, {
        ...host,
        tasks: [...host.tasks, ask.task],
        leases: host.leases + 1,
      }),
    },
    { status: 'leased', lease, leaseMs },
  ]
}

/** Work of the first queued workunit that has any, if one has; drops those that have none. */
function takeFrom(
  state: CoreState,
  { id }: Batch,
  want: { speed: number; budget: number; room: number },
  random: () => Seed,
): { state: CoreState; grants: Grant[]; credit: Credit } {
  const nothing = { grants: [], credit: 0n }
  let batch = state.batches.get(id)
  let workunit: Workunit | undefined
  while (batch !== undefined) {
    const first = batch.queue.first()
    if (first === undefined) return { state, ...nothing }
    workunit = state.workunits.get(first)
    if (workunit !== undefined && undoneItems(workunit).length > 0) break
    batch = { ...batch, queue: batch.queue.shift() }
    state = { ...state, batches: state.batches.set(id, batch) }
  }
  if (batch === undefined || workunit === undefined) return { state, ...nothing }

  const itemCost = Number(workunit.itemCost)
  const budgetItems = Math.max(1, Math.ceil(want.budget / itemCost))
  // The cut falls on a slice boundary: slices of a quarter of the budget keep it within a quarter too much.
  const longest = Math.max(0, Math.floor(Math.log2(budgetItems / 4)))
  const log2 = Math.min(sliceLog2(want.speed, itemCost), longest)
  const grants = cutGrants(workunit, budgetItems, log2, want.room, random)
  const items = grants.reduce((sum, grant) => sum + grant.end - grant.start, 0)
  const credit = creditFor(items, workunit.itemCost)
  return {
    grants,
    credit,
    state: {
      ...charge(state, id, credit),
      workunits: state.workunits.set(workunit.id, {
        ...workunit,
        leased: union(workunit.leased, setOf(...grants)),
      }),
    },
  }
}

/** About `items` undone items from the left; a cut inside a run falls on a slice boundary, so that slices stay long. */
function cutGrants(
  workunit: Workunit,
  items: number,
  log2: number,
  room: number,
  random: () => Seed,
): Grant[] {
  const grants: Grant[] = []
  let left = items
  for (const range of rangesOf(undoneItems(workunit))) {
    if (left <= 0 || grants.length >= room) break
    const length = 2 ** log2
    const cut = Math.ceil((range.start + left) / length) * length
    const end = Math.min(range.end, cut)
    grants.push({ workunit: workunit.id, start: range.start, end, log2, seed: random() })
    left -= end - range.start
  }
  return grants
}

/** The slice size, log2 of items, that takes this host about half a second. */
export function sliceLog2(speed: number, itemCost: number): number {
  const items = (speed * SLICE_MS) / 1_000 / itemCost
  return Math.min(MAX_SLICE_LOG2, Math.max(0, Math.floor(Math.log2(items))))
}

/** A visit begins. */
export function newHost(id: HostId, now: number): Host {
  return {
    id,
    tasks: [],
    firstLeaseAt: now,
    leases: 0,
    nextLeaseMs: FIRST_LEASE_MS,
    allowance: FIRST_ALLOWANCE,
  }
}

function noWork(
  reason: Extract<LeaseOutcome, { status: 'noWork' }>['reason'],
  retryAfterMs: number,
): LeaseOutcome {
  return { status: 'noWork', reason, retryAfterMs }
}

/** The items of a lease, workunit by workunit. */
export function itemsOf(lease: Pick<Lease, 'grants'>): Map<WorkunitId, IntervalSet> {
  const items = new Map<WorkunitId, IntervalSet>()
  for (const grant of lease.grants) {
    items.set(grant.workunit, union(items.get(grant.workunit) ?? [], setOf(grant)))
  }
  return items
}
