import { creditFor, type Credit } from '../protocol/credit.ts'
import type { WorkunitId } from '../protocol/ids.ts'
import { meets, setOf, union } from '../protocol/intervalSet.ts'
import { LEASE_KEPT_MS, type Refusal, type TrustPolicyName } from '../protocol/messages.ts'
import { isSliceOf, sliceRange, type Slice } from '../protocol/slice.ts'
import { endTask } from './task.ts'
import type { CoreState, Lease, Workunit } from './state.ts'
import { doneItems, isFinal } from './workunit.ts'

/** A report as the shell has parsed it. */
export interface IncomingReport {
  /** From the token, whose signature the shell has checked. */
  readonly lease: Lease
  readonly seq: number
  readonly slices: readonly ReportedSlice[]
  /** Whether the host has sealed the task: this was its last report. */
  readonly last: boolean
  /** ms since the epoch. */
  readonly now: number
}

export interface ReportedSlice extends Slice {
  /** Index into the lease's grants. */
  readonly grant: number
  /** Whether one of its outputs failed its certificate: then the slice does not count. */
  readonly badOutput: boolean
}

export type ReportOutcome =
  | {
      readonly status: 'accepted'
      /** Indexes into the report's slices. */
      readonly accepted: readonly number[]
      readonly refused: readonly (readonly [number, Refusal])[]
      /** The workunits whose sets changed, as they are now; finished ones are no longer in the state. */
      readonly updated: readonly Workunit[]
      readonly acceptedItems: number
      readonly credit: Credit
      readonly standing: 'reported' | 'final'
    }
  /** Not a live task: the shell looks up how far it had come and resumes it (`resumeTask`). */
  | { readonly status: 'unknownTask' }
  /** A report that was taken before, sent again: the shell repeats its first answer. */
  | { readonly status: 'replayed' }
  /** A report before its turn: a host sends the next only when the last is acknowledged. */
  | { readonly status: 'outOfTurn'; readonly expected: number }

/**
 * Takes a report. Each slice counts whole or not at all: it must be a slice of its grant, and none of its items may be done.
 * Whether the lease is still running does not matter; a late slice counts while its items are undone.
 */
export function acceptReport(
  state: CoreState,
  report: IncomingReport,
  trust: TrustPolicyName,
): [CoreState, ReportOutcome] {
  const { lease } = report
  const task = state.tasks.get(lease.task)
  if (task === undefined) return [state, { status: 'unknownTask' }]
  if (report.seq < task.nextSeq) return [state, { status: 'replayed' }]
  if (report.seq > task.nextSeq) return [state, { status: 'outOfTurn', expected: task.nextSeq }]

  const touched = new Map<WorkunitId, Workunit>()
  const accepted: number[] = []
  const refused: [number, Refusal][] = []
  let acceptedItems = 0
  let credit = 0n
  report.slices.forEach((slice, index) => {
    const grant = lease.grants[slice.grant]
    if (grant === undefined || !isSliceOf(slice, grant, grant.log2)) {
      refused.push([index, 'not-leased'])
      return
    }
    const workunit = touched.get(grant.workunit) ?? state.workunits.get(grant.workunit)
    const range = sliceRange(slice)
    if (workunit === undefined || meets(doneItems(workunit), range)) {
      refused.push([index, 'done'])
      return
    }
    if (slice.badOutput) {
      refused.push([index, 'bad-output'])
      return
    }
    const items = range.end - range.start
    accepted.push(index)
    acceptedItems += items
    credit += creditFor(items, workunit.itemCost)
    touched.set(workunit.id, { ...workunit, reported: union(workunit.reported, setOf(range)) })
  })

  const updated = [...touched.values()].map((workunit) => settle(workunit, trust))
  const next: CoreState = {
    ...state,
    tasks: state.tasks.set(lease.task, {
      ...task,
      nextSeq: task.nextSeq + 1,
      // A host that was slower than it thought keeps its lease while its work arrives: nobody need do it twice.
      expiresAt:
        accepted.length > 0 ? Math.max(task.expiresAt, report.now + LEASE_KEPT_MS) : task.expiresAt,
    }),
    workunits: state.workunits.withMutations((workunits) => {
      for (const workunit of updated) {
        if (isFinal(workunit)) workunits.delete(workunit.id)
        else workunits.set(workunit.id, workunit)
      }
    }),
  }
  return [
    report.last ? endTask(next, lease.task) : next,
    {
      status: 'accepted',
      accepted,
      refused,
      updated,
      acceptedItems,
      credit,
      standing: trust === 'none' ? 'final' : 'reported',
    },
  ]
}

/** Under `none`, reported work becomes final at once, unaudited: the explicit policy until audits exist. */
function settle(workunit: Workunit, trust: TrustPolicyName): Workunit {
  switch (trust) {
    case 'none':
      return { ...workunit, reported: [], final: union(workunit.final, workunit.reported) }
  }
}
