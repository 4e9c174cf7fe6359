import * as v from 'valibot'
import type { AnyApp, Verifier } from '../../apps/app.ts'
import { MalformedFrameError } from '../../protocol/errors.ts'
import type { WorkunitId } from '../../protocol/ids.ts'
import type { Report, SliceReport } from '../../protocol/messages.ts'
import { sliceRange } from '../../protocol/slice.ts'
import { canonicalJson } from '../../protocol/statement.ts'
import type { StoredWorkunit } from '../stores/store.ts'

/** No app's output is nested deeper, and what reads it recursively must not run out of stack. */
const MAX_DEPTH = 8

/**
 * The outputs of a report by the index of their slice, each once.
 * @throws MalformedFrameError when an output names no slice of the report, or is nested too deep
 */
export function outputsBySlice(
  report: Pick<Report, 'slices' | 'outputs'>,
): ReadonlyMap<number, readonly unknown[]> {
  const names = new Set(report.slices.map(([grant, start, log2]) => `${grant} ${start} ${log2}`))
  // Each copy would have its certificates checked before it is found to be one.
  if (names.size < report.slices.length) throw new MalformedFrameError('slices: one is there twice')
  const bySlice = new Map<number, Map<string, unknown>>()
  for (const [slice, output] of report.outputs) {
    if (report.slices[slice] === undefined) throw new MalformedFrameError('outputs: no such slice')
    if (!isShallow(output, MAX_DEPTH)) throw new MalformedFrameError('outputs: nested too deep')
    const texts = bySlice.get(slice) ?? new Map<string, unknown>()
    bySlice.set(slice, texts.set(canonicalJson(output), output))
  }
  return new Map([...bySlice].map(([slice, texts]) => [slice, [...texts.values()]]))
}

export type CheckedOutputs =
  | {
      readonly status: 'hold'
      readonly workunit: WorkunitId
      /** As the app's schema reads them. */
      readonly values: readonly unknown[]
    }
  | { readonly status: 'fail' }

/** Reads one slice's outputs with its app's schema and checks their certificates; the first that fails decides. */
export function checkOutputs(
  [, start, log2]: SliceReport,
  outputs: readonly unknown[],
  of: { workunit: StoredWorkunit; app: AnyApp; verifier: Verifier<unknown, unknown> },
): CheckedOutputs {
  const range = sliceRange({ start, log2 })
  const values: unknown[] = []
  for (const output of outputs) {
    const read = v.safeParse(of.app.outputSchema, output)
    if (!read.success) return { status: 'fail' }
    const verdict = of.verifier.check(of.workunit.input, range, read.output)
    if (verdict.status === 'fails') return { status: 'fail' }
    values.push(read.output)
  }
  return { status: 'hold', workunit: of.workunit.id, values }
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((field) => isShallow(field, depth - 1))
}
