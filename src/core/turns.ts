import type { AppId } from '../protocol/ids.ts'
import type { BatchKind } from '../protocol/messages.ts'
import { shareOf } from './charge.ts'
import type { Batch, CoreState, Host } from './state.ts'

/** For this long a newcomer gets practice work, where something is found every few seconds. */
export const PRACTICE_MS = 300_000

/** One app's batches of one kind, in their order, and the most credit that a task may take of them in this turn. */
export interface Turn {
  readonly batches: readonly Batch[]
  readonly quota: number
}

/**
 * Whose turn it is in one task: requesters first, then the frontier, and practice rather than nothing. A newcomer's first task and every other
 * one is practice, so that the first minutes are a delight whatever has been requested.
 *
 * Within a kind the task is shared out so that apps end as level as it can make them, however many batches each has: a task may be minutes
 * long, and none waits for the end of another's. What an app does not have goes to the others of its kind, before the next kind's turn. Of an app's
 * batches the one of which the least was leased goes first.
 *
 * @param budget credit that the task may be worth
 */
export function* turnsOf(
  state: CoreState,
  runnable: readonly Batch[],
  host: Host,
  { now, budget }: { now: number; budget: number },
): Iterable<Turn> {
  for (const kind of kindsFor(host, now)) {
    const batches = runnable.filter((batch) => batch.kind === kind && !batch.queue.isEmpty())
    const apps = Map.groupBy(batches.toSorted(byLeast), ({ app }) => app)
    const level = levelOf(state, kind, [...apps.keys()], budget)
    yield* level.map(([app, quota]) => ({ batches: apps.get(app) ?? [], quota }))
    yield* level.map(([app]) => ({ batches: apps.get(app) ?? [], quota: Infinity }))
  }
}

function kindsFor(host: Host, now: number): readonly BatchKind[] {
  if (now - host.firstLeaseAt >= PRACTICE_MS) return ['request', 'frontier', 'practice']
  return host.leases % 2 === 0
    ? ['practice', 'request', 'frontier']
    : ['request', 'practice', 'frontier']
}

function byLeast(a: Batch, b: Batch): number {
  return compare(a.leasedCredit, b.leasedCredit) || compare(a.id, b.id)
}

/** What each app gets of the budget, the one with the least first: those with less are filled up to one level, as water finds it. */
function levelOf(
  state: CoreState,
  kind: BatchKind,
  apps: readonly AppId[],
  budget: number,
): readonly (readonly [AppId, number])[] {
  const shares = apps.map((app) => ({ app, share: shareOf(state, { kind, app }) }))
  const least = shares.reduce(
    (low, { share }) => (share < low ? share : low),
    shares[0]?.share ?? 0n,
  )
  const above = shares
    .map(({ app, share }) => ({ app, above: Number(share - least) }))
    .toSorted((a, b) => a.above - b.above || compare(a.app, b.app))
  let level = 0
  let sum = 0
  for (const [index, one] of above.entries()) {
    if (index > 0 && one.above >= level) break
    sum += one.above
    level = (budget + sum) / (index + 1)
  }
  return above.map((one) => [one.app, Math.max(0, level - one.above)])
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0
}
