import { List } from 'immutable'
import type { BatchId, WorkunitId } from '../protocol/ids.ts'
import { levelShare } from './charge.ts'
import type { CoreState, Batch, Workunit } from './state.ts'
import { forgetTask } from './task.ts'
import { isFinal } from './workunit.ts'

/**
 * Takes in workunits that the shell has claimed, under their epochs. A workunit that is here already keeps its leases and
 * takes the newer epoch and sets. Finished ones are left out.
 */
export function openWorkunits(
  state: CoreState,
  batch: Pick<Batch, 'id' | 'kind' | 'app' | 'version'>,
  claimed: readonly Omit<Workunit, 'leased'>[],
): CoreState {
  const fresh = claimed.filter((workunit) => !isFinal({ ...workunit, leased: [] }))
  const known = state.batches.get(batch.id)
  const queue = known?.queue ?? List()
  return {
    ...levelShare(state, batch),
    workunits: state.workunits.withMutations((workunits) => {
      for (const workunit of fresh) {
        const leased = workunits.get(workunit.id)?.leased ?? []
        workunits.set(workunit.id, { ...workunit, leased })
      }
    }),
    batches: state.batches.set(batch.id, {
      ...batch,
      queue: queue.concat(fresh.map((workunit) => workunit.id)),
      leasedCredit: known?.leasedCredit ?? leastLeased(state, batch),
    }),
  }
}

/** Forgets a batch that was cancelled: nothing of it is leased again, and what hosts still report of it does not count. */
export function closeBatch(state: CoreState, id: BatchId): CoreState {
  return {
    ...state,
    workunits: state.workunits.filter((workunit) => workunit.batch !== id),
    batches: state.batches.delete(id),
  }
}

/**
 * Forgets workunits whose sets are not what this state has: another coordinator took them, or what was written down of them was
 * not. Tasks that hold any of them go too. Whoever reports brings them back.
 */
export function forgetWorkunits(state: CoreState, ids: ReadonlySet<WorkunitId>): CoreState {
  const holding = state.tasks
    .valueSeq()
    .filter((task) => [...task.held.keys()].some((id) => ids.has(id)))
  const next = holding.reduce((left, task) => forgetTask(left, task.task), state)
  return {
    ...next,
    workunits: next.workunits.deleteAll(ids),
    batches: next.batches.map((batch) => ({
      ...batch,
      queue: batch.queue.filter((id) => !ids.has(id)),
    })),
  }
}

/** How many of the batch's claimed workunits wait in its queue: when it runs low, the shell claims more. */
export function queuedWorkunits(state: CoreState, id: BatchId): number {
  return state.batches.get(id)?.queue.size ?? 0
}

/** A new batch starts level with the others of its app and kind, so that it neither starves them nor waits behind them. */
function leastLeased(state: CoreState, { kind, app }: Pick<Batch, 'kind' | 'app'>): bigint {
  let least: bigint | undefined
  for (const batch of state.batches.values()) {
    if (batch.kind !== kind || batch.app !== app) continue
    if (least === undefined || batch.leasedCredit < least) least = batch.leasedCredit
  }
  return least ?? 0n
}
