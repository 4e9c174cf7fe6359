import type { HostId, TaskId, WorkunitId } from '../protocol/ids.ts'
import {
  covers,
  intersect,
  sizeOf,
  subtract,
  union,
  type IntervalSet,
} from '../protocol/intervalSet.ts'
import { creditFor } from '../protocol/credit.ts'
import { charge } from './charge.ts'
import {
  ALLOWANCE_GROWTH,
  itemsOf,
  LONGEST_LEASE_MS,
  MAX_TASKS_PER_HOST,
  newHost,
} from './lease.ts'
import type { CoreState, Host, Lease, Task } from './state.ts'
import { doneItems, undoneItems } from './workunit.ts'

/**
 * Takes up a task that is not in the state (the coordinator restarted, or the lease ran out) where it had come to. While
 * its lease runs, and its host has room for a task, it holds again what nobody else took meanwhile; else it holds
 * nothing, and may still report.
 *
 * @param stored as the store knows it; none for a task that never reported
 */
export function resumeTask(
  state: CoreState,
  lease: Lease,
  stored: { readonly nextSeq: number; readonly sealed: boolean } | undefined,
  now: number,
): CoreState {
  const held = new Map<WorkunitId, IntervalSet>()
  let { workunits, hosts } = state
  let charged = state
  let worth = 0n
  const host = hosts.get(lease.host) ?? newHost(lease.host, now)
  const room = host.tasks.length < MAX_TASKS_PER_HOST
  if (lease.expiresAt > now && room && stored?.sealed !== true) {
    hosts = hosts.set(host.id, { ...host, tasks: [...host.tasks, lease.task] })
    for (const [id, items] of itemsOf(lease)) {
      const workunit = workunits.get(id)
      if (workunit === undefined) continue
      const free = intersect(items, undoneItems(workunit))
      held.set(id, free)
      const credit = creditFor(sizeOf(free), workunit.itemCost)
      worth += credit
      charged = charge(charged, workunit.batch, credit)
      workunits = workunits.set(id, { ...workunit, leased: union(workunit.leased, free) })
    }
  }
  return {
    ...charged,
    workunits,
    hosts,
    tasks: state.tasks.set(lease.task, { ...lease, nextSeq: stored?.nextSeq ?? 0, held, worth }),
  }
}

/** Whether every item of the lease is done. Workunits that are not in the state are final, or not ours to lease. */
export function isDone(state: CoreState, lease: Lease): boolean {
  return lease.grants.every((grant) => {
    const workunit = state.workunits.get(grant.workunit)
    return workunit === undefined || covers(doneItems(workunit), grant)
  })
}

/**
 * Ends a task: what is undone of it may be leased again at once. If all of it was done, the host has shown that it
 * finishes, and its leases grow. An unknown task changes nothing.
 */
export function endTask(state: CoreState, id: TaskId): CoreState {
  const task = state.tasks.get(id)
  const next = forgetTask(state, id)
  if (task === undefined || !isDone(state, task)) return next
  const host = next.hosts.get(task.host)
  if (host === undefined) return next
  return { ...next, hosts: next.hosts.set(host.id, grow(host, task)) }
}

/**
 * Ends a task of which it is not known how far it has come: what it held may be leased again, and its host has shown nothing.
 * It is resumed when it reports.
 */
export function forgetTask(state: CoreState, id: TaskId): CoreState {
  const task = state.tasks.get(id)
  if (task === undefined) return state
  let next: CoreState = { ...state, tasks: state.tasks.delete(id) }
  for (const [workunit, items] of task.held) next = freeItems(next, workunit, items)
  const host = next.hosts.get(task.host)
  if (host === undefined) return next
  const tasks = host.tasks.filter((held) => held !== id)
  return { ...next, hosts: next.hosts.set(host.id, { ...host, tasks }) }
}

function grow(host: Host, finished: Task): Host {
  const allowance = ALLOWANCE_GROWTH * finished.worth
  return {
    ...host,
    nextLeaseMs: Math.min(2 * host.nextLeaseMs, LONGEST_LEASE_MS),
    allowance: allowance > host.allowance ? allowance : host.allowance,
  }
}

/** Ends every task whose lease is over. */
export function expireLeases(state: CoreState, now: number): CoreState {
  const late = state.tasks.valueSeq().filter((task) => task.expiresAt <= now)
  return late.reduce((next, task) => endTask(next, task.task), state)
}

/** A host said goodbye: its tasks end and its visit is over. */
export function hostLeft(state: CoreState, id: HostId): CoreState {
  const next = (state.hosts.get(id)?.tasks ?? []).reduce(endTask, state)
  return { ...next, hosts: next.hosts.delete(id) }
}

/** Forgets hosts that hold no task and that the shell has no session with. */
export function forgetHosts(state: CoreState, isConnected: (id: HostId) => boolean): CoreState {
  return {
    ...state,
    hosts: state.hosts.filter((host) => host.tasks.length > 0 || isConnected(host.id)),
  }
}

/** Workunits that have work again go to the front of their batch's queue: what was begun is finished first. */
function freeItems(state: CoreState, id: WorkunitId, items: IntervalSet): CoreState {
  const workunit = state.workunits.get(id)
  if (workunit === undefined) return state
  const freed = { ...workunit, leased: subtract(workunit.leased, items) }
  const reopened = undoneItems(workunit).length === 0 && undoneItems(freed).length > 0
  // What was not done is no longer charged to the batch, or one broken lease would send it to the end of the line.
  const undone = sizeOf(subtract(items, doneItems(workunit)))
  const next = charge(state, workunit.batch, -creditFor(undone, workunit.itemCost))
  const batch = next.batches.get(workunit.batch)
  return {
    ...next,
    workunits: state.workunits.set(id, freed),
    batches:
      batch !== undefined && reopened
        ? next.batches.set(batch.id, { ...batch, queue: batch.queue.unshift(id) })
        : next.batches,
  }
}
