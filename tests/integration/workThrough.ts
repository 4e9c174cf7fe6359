import {
  MAX_OUTPUTS_PER_REPORT,
  MAX_SLICES_PER_REPORT,
  type Report,
  type Task,
} from '../../src/protocol/messages.ts'
import { TaskReports, type TestHost } from './testHost.ts'

/** What is found in the items of a workunit from `start` up to `end`. */
export type Finds = (
  input: unknown,
  range: { readonly start: number; readonly end: number },
) => readonly unknown[]

/**
 * Takes whatever is leased and reports all of it, until there is nothing more or `tasks` are done. Nothing is computed: digests are
 * zeros, and outputs are what `finds` says.
 */
export async function workThrough(
  host: TestHost,
  finds: Finds = () => [],
  { tasks = Infinity, speed = 1e12 }: { tasks?: number; speed?: number } = {},
): Promise<void> {
  for (let done = 0; done < tasks; done++) {
    host.send({ type: 'ask', speed })
    const frame = await host.next()
    if (frame?.type === 'noWork') return
    if (frame?.type !== 'task') throw new Error(`expected a task, got ${frame?.type}`)
    const reports = new TaskReports(frame, host.identity)
    const written = reportsOf(frame, reports.slices(), finds)
    for (const [i, { slices, outputs }] of written.entries()) {
      await host.report(reports.next(slices, { outputs, seal: i === written.length - 1 }))
    }
  }
}

type Written = Pick<Report, 'slices' | 'outputs'>

/** As many slices to a report as it may have, with what is in them. */
function reportsOf(task: Task, slices: Report['slices'], finds: Finds): Written[] {
  const reports: Written[] = []
  for (const slice of slices) {
    const [grant, start, log2] = slice
    const workunit = task.workunits[task.grants[grant]?.workunit ?? -1]
    const found = finds(workunit?.input, { start, end: start + 2 ** log2 })
    let report = reports.at(-1)
    const isFull =
      report === undefined ||
      report.slices.length === MAX_SLICES_PER_REPORT ||
      report.outputs.length + found.length > MAX_OUTPUTS_PER_REPORT
    if (report === undefined || isFull) reports.push((report = { slices: [], outputs: [] }))
    const index = report.slices.push(slice) - 1
    report.outputs.push(...found.map((output): Report['outputs'][number] => [index, output]))
  }
  return reports
}

/** What there is to find for the digest app. */
export const digestFinds: Finds = (input, { start, end }) => {
  const { every } = input as { every: number }
  const found: { item: number }[] = []
  for (let item = Math.ceil(start / every) * every; item < end; item += every) found.push({ item })
  return found
}
