import * as v from 'valibot'
import type { AnyApp, Verifier } from '../../apps/app.ts'
import type { Lease } from '../../core/state.ts'
import { MalformedFrameError } from '../../protocol/errors.ts'
import type { WorkunitId } from '../../protocol/ids.ts'
import type { Report } from '../../protocol/messages.ts'
import { sliceRange } from '../../protocol/slice.ts'
import type { AppShelf } from './appShelf.ts'
import type { Claims } from './claims.ts'

/** An output of a report; `slice` is the index of the slice it was found in. */
export type CheckedOutput =
  | {
      readonly holds: true
      readonly slice: number
      readonly workunit: WorkunitId
      /** As the app's schema reads it. */
      readonly value: unknown
    }
  | { readonly holds: false; readonly slice: number }

/** No app's output is nested deeper, and what reads it recursively must not run out of stack. */
const MAX_DEPTH = 8

/**
 * Reads every output with its app's schema and checks its certificate. Those of workunits that are not in the state are
 * left out: their slices do not count anyway.
 *
 * @throws MalformedFrameError when an output names no slice of the report, or is nested too deep
 */
export function checkOutputs(
  lease: Lease,
  report: Report,
  parts: {
    apps: AppShelf
    claims: Claims
    verifiers: ReadonlyMap<AnyApp, Verifier<unknown, unknown>>
  },
): CheckedOutput[] {
  // An input may take long to read (its numbers are proven prime), and a hostile report names one a thousand times.
  const inputs = new Map<WorkunitId, unknown>()
  return report.outputs.flatMap(([slice, raw]): CheckedOutput[] => {
    const reported = report.slices[slice]
    if (reported === undefined) throw new MalformedFrameError('outputs: no such slice')
    if (!isShallow(raw, MAX_DEPTH)) throw new MalformedFrameError('outputs: nested too deep')
    const [grant, start, log2] = reported
    const id = lease.grants[grant]?.workunit
    const workunit = id && parts.claims.state.workunits.get(id)
    const record = id && parts.claims.record(id)
    if (!workunit || !record) return []
    const app = parts.apps.find(workunit.app, workunit.version)
    const verifier = app && parts.verifiers.get(app)
    if (!app || !verifier) return [{ holds: false, slice }]
    const output = v.safeParse(app.outputSchema, raw)
    if (!output.success) return [{ holds: false, slice }]
    const input: unknown = inputs.get(workunit.id) ?? v.parse(app.inputSchema, record.input)
    inputs.set(workunit.id, input)
    const verdict = verifier.check(input, sliceRange({ start, log2 }), output.output)
    return verdict.status === 'holds'
      ? [{ holds: true, slice, workunit: workunit.id, value: output.output }]
      : [{ holds: false, slice }]
  })
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((field) => isShallow(field, depth - 1))
}
