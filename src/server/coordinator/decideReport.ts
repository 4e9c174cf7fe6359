import type { AnyApp, Verifier } from '../../apps/app.ts'
import { acceptReport, type ReportedSlice, type ReportOutcome } from '../../core/report.ts'
import type { CoreState, Lease } from '../../core/state.ts'
import type { Report, SliceReport, TrustPolicyName } from '../../protocol/messages.ts'
import { NotCommittedError } from '../errors.ts'
import type { AppShelf } from './appShelf.ts'
import { checkOutputs, type CheckedOutputs } from './checkOutputs.ts'
import type { Claims } from './claims.ts'

/** Under `none`, reported work is taken at its word; everything that is shown says so. */
export const TRUST: TrustPolicyName = 'none'

/** A report whose turn it is, and all that decides on it. Nothing may wait while it is decided on. */
export interface ReportAtHand {
  readonly lease: Lease
  readonly report: Report
  readonly apps: AppShelf
  readonly claims: Claims
  /** ms since the epoch. */
  readonly now: number
}

/** What becomes of a report; the state is not adopted yet. */
export interface Decision {
  readonly next: CoreState
  readonly outcome: Extract<ReportOutcome, { status: 'accepted' }>
}

const NONE: ReadonlySet<number> = new Set()

/**
 * What core says of the report.
 * @param bad the slices of which an output fails its certificate; by default, all outputs are taken to hold
 * @throws NotCommittedError when its task is gone
 */
export function decideReport(of: ReportAtHand, bad: ReadonlySet<number> = NONE): Decision {
  const { lease, report, claims, now } = of
  const slices = report.slices.map(([grant, start, log2], index): ReportedSlice => ({
    grant,
    start,
    log2,
    badOutput: bad.has(index),
  }))
  const last = report.seal !== undefined
  const incoming = { lease, seq: report.seq, slices, last, now }
  const [next, outcome] = acceptReport(claims.state, incoming, TRUST)
  if (outcome.status !== 'accepted') throw new NotCommittedError()
  return { next, outcome }
}

/**
 * Checks the outputs of slices that would count, and of no others: certificates are what a report costs. A slice that fails
 * may let another one count that overlaps it, whose outputs are then looked at too.
 *
 * @param first what was decided before any output was looked at
 * @param outputs by the index of their slice
 */
export function decideChecked(
  of: ReportAtHand,
  first: Decision,
  outputs: ReadonlyMap<number, readonly unknown[]>,
  verifiers: ReadonlyMap<AnyApp, Verifier<unknown, unknown>>,
): Decision & { readonly checked: ReadonlyMap<number, CheckedOutputs> } {
  const checked = new Map<number, CheckedOutputs>()
  const bad = new Set<number>()
  for (let decision = first; ; decision = decideReport(of, bad)) {
    const failed = bad.size
    for (const index of decision.outcome.accepted) {
      const found = outputs.get(index)
      if (found === undefined || checked.has(index)) continue
      const result = check(of, of.report.slices[index], found, verifiers)
      checked.set(index, result)
      if (result.status === 'fail') bad.add(index)
    }
    if (bad.size === failed) return { ...decision, checked }
  }
}

function check(
  { lease, apps, claims }: ReportAtHand,
  slice: SliceReport | undefined,
  outputs: readonly unknown[],
  verifiers: ReadonlyMap<AnyApp, Verifier<unknown, unknown>>,
): CheckedOutputs {
  const grant = slice && lease.grants[slice[0]]
  const record = grant && claims.record(grant.workunit)
  const workunit = grant && claims.state.workunits.get(grant.workunit)
  const app = workunit && apps.find(workunit.app, workunit.version)
  const verifier = app && verifiers.get(app)
  if (!slice || !record || !verifier) return { status: 'fail' }
  return checkOutputs(slice, outputs, { workunit: record, app, verifier })
}
