import type { AnyApp, Verifier } from '../../apps/app.ts'
import { sliceRange } from '../../protocol/slice.ts'
import { canonicalJson } from '../../protocol/statement.ts'
import type { Yield } from '../stores/store.ts'
import type { CheckedOutputs } from './checkOutputs.ts'
import type { Decision, ReportAtHand } from './decideReport.ts'

/**
 * What the slices of a report that count should have yielded on average, and what they did, an app version at a time; nothing of apps that
 * cannot say. Before the decision is adopted: it may end what it looks at.
 *
 * @param verifiers of every app
 */
export function yieldsOf(
  { lease, report, apps, claims }: ReportAtHand,
  { outcome, checked }: Decision & { readonly checked: ReadonlyMap<number, CheckedOutputs> },
  verifiers: ReadonlyMap<AnyApp, Verifier<unknown, unknown>>,
): Yield[] {
  const sums = new Map<AnyApp, Yield>()
  for (const index of outcome.accepted) {
    const slice = report.slices[index]
    const grant = slice && lease.grants[slice[0]]
    const record = grant && claims.record(grant.workunit)
    const workunit = grant && claims.state.workunits.get(grant.workunit)
    const app = workunit && apps.find(workunit.app, workunit.version)
    const verifier = app && verifiers.get(app)
    if (!slice || !record || !app || !verifier?.expectedOutputs) continue
    const { start, end } = sliceRange({ start: slice[1], log2: slice[2] })
    const before = sums.get(app)
    sums.set(app, {
      app: app.id,
      version: app.version,
      expected: (before?.expected ?? 0) + (end - start) * verifier.expectedOutputs(record.input),
      found: (before?.found ?? 0) + countEachOnce(checked.get(index)),
    })
  }
  return [...sums.values()]
}

/** As the app's schema reads them: a field that it does not know makes no second output of one. */
function countEachOnce(found: CheckedOutputs | undefined): number {
  return found?.status === 'hold' ? new Set(found.values.map(canonicalJson)).size : 0
}
