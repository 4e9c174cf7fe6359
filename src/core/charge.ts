import type { Credit } from '../protocol/credit.ts'
import type { AppId, BatchId } from '../protocol/ids.ts'
import type { BatchKind } from '../protocol/messages.ts'
import type { Batch, CoreState } from './state.ts'

type Share = Pick<Batch, 'kind' | 'app'>

/**
 * Notes that so much work of a batch was leased, or, below zero, that it was given back undone: what fairness between apps, and between
 * the batches of an app, goes by. Of a batch that is gone nothing is noted.
 */
export function charge(state: CoreState, id: BatchId, credit: Credit): CoreState {
  const batch = state.batches.get(id)
  if (batch === undefined) return state
  return {
    ...state,
    batches: state.batches.set(id, { ...batch, leasedCredit: batch.leasedCredit + credit }),
    shares: state.shares.set(keyOf(batch), shareOf(state, batch) + credit),
  }
}

/** Credit leased of this app in batches of this kind. */
export function shareOf(state: CoreState, share: Share): Credit {
  return state.shares.get(keyOf(share)) ?? 0n
}

/**
 * An app that had nothing to lease of this kind gets something: it starts level with the least of the others, so that it
 * neither starves them nor waits behind them for what it was not there to get. Where there are no others, what was leased before is forgotten:
 * whoever comes back later is not kept waiting for it.
 */
export function levelShare(state: CoreState, share: Share): CoreState {
  const apps = new Set<AppId>()
  for (const { kind, app, queue } of state.batches.values()) {
    // A batch that is all leased, or done and not yet forgotten, waits for nothing.
    if (kind === share.kind && !queue.isEmpty()) apps.add(app)
  }
  if (apps.size === 0) return forgetShares(state, share.kind)
  if (apps.has(share.app)) return state
  const others = Array.from(apps, (app) => shareOf(state, { kind: share.kind, app }))
  const least = others.reduce((a, b) => (b < a ? b : a))
  if (least <= shareOf(state, share)) return state
  return { ...state, shares: state.shares.set(keyOf(share), least) }
}

function forgetShares(state: CoreState, kind: BatchKind): CoreState {
  return { ...state, shares: state.shares.filterNot((_, key) => key.startsWith(`${kind} `)) }
}

function keyOf({ kind, app }: { kind: BatchKind; app: AppId }): string {
  return `${kind} ${app}`
}
