import type { Connection, IdleReason, Phase } from './snapshot.ts'

export interface PhaseFacts {
  readonly connection: Connection
  /** What the canary is at; undefined once it has measured. */
  readonly measuring: 'fetching-kernel' | 'measuring' | undefined
  /** Whether any slice is being computed, or waits for its turn. */
  readonly working: boolean
  /** The coordinator's last answer, if it was that there is nothing to do. */
  readonly noWork: { readonly reason: IdleReason; readonly retryAt: number } | undefined
  /** `Date.now()` ms. */
  readonly now: number
}

/** What to show of an engine that is on, given what was shown before. */
export function phaseOf(facts: PhaseFacts, before: Phase): Phase {
  const { connection, measuring, working, noWork } = facts
  const idle = (reason: IdleReason, retryAt: number | undefined): Phase => ({
    state: 'idle',
    reason,
    since: before.state === 'idle' && before.reason === reason ? before.since : facts.now,
    ...(retryAt === undefined ? {} : { retryAt }),
  })
  if (working) return { state: 'running' }
  if (connection.state === 'waiting') return idle('disconnected', connection.retryAt)
  if (connection.state !== 'open') {
    return before.state === 'starting' || before.state === 'stopped'
      ? { state: 'starting', step: 'connecting' }
      : idle('disconnected', undefined)
  }
  if (measuring !== undefined) return { state: 'starting', step: measuring }
  if (noWork !== undefined) return idle(noWork.reason, noWork.retryAt)
  // An ask is on its way; its answer decides.
  return before.state === 'running' ? before : { state: 'starting', step: 'connecting' }
}
