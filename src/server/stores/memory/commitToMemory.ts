import { FencedError, NotFoundError, ReportOrderError } from '../../../protocol/errors.ts'
import type { BatchId, HostId, TaskId, WorkunitId } from '../../../protocol/ids.ts'
import { canonicalJson } from '../../../protocol/statement.ts'
import { addYield, groupSums, type GroupSums } from '../groupSums.ts'
import type { Commit, StoredResult } from '../store.ts'
import { isFinished, rememberHost, type Memory } from './memory.ts'

/** Looks at everything first, so that what follows cannot fail half-way. */
export function commitToMemory(memory: Memory, given: readonly Commit[]): void {
  const commits: readonly Commit[] = structuredClone(given)
  const sums = groupSums(commits)
  check(memory, commits, sums)
  for (const { host } of commits) if (host !== undefined) rememberHost(memory, host)
  for (const { id, reported, final, at } of sums.workunits.values()) {
    const next = { ...known(memory.workunits, 'workunit', id), reported, final }
    if (isFinished(next)) {
      const finished = next.finished ?? { no: countFinish(memory, next.batch), at }
      memory.workunits.set(id, { ...next, finished, claim: null })
    } else memory.workunits.set(id, { ...next, finished: null })
  }
  for (const [id, add] of sums.hosts) {
    const host = known(memory.hosts, 'host', id)
    memory.hosts.set(id, {
      ...host,
      slices: host.slices + add.slices,
      items: Math.min(host.items + add.items, Number.MAX_SAFE_INTEGER),
      creditReported: host.creditReported + add.creditReported,
      creditFinal: host.creditFinal + add.creditFinal,
    })
  }
  for (const sum of sums.yields) addYield(memory.yields, sum)
  for (const commit of commits) append(memory, commit)
}

/** How often a workunit of this batch was finished, this time included. */
function countFinish({ batches }: Memory, id: BatchId): number {
  const batch = known(batches, 'batch', id)
  batch.finishes++
  return batch.finishes
}

function check(memory: Memory, commits: readonly Commit[], sums: GroupSums): void {
  const fenced = [...sums.workunits.values()].filter(
    ({ id, epoch }) => known(memory.workunits, 'workunit', id).epoch !== epoch,
  )
  if (fenced.length > 0) throw new FencedError(fenced.map(({ id }) => id))
  const next = new Map<TaskId, number>()
  const hosts = new Set([
    ...memory.hosts.keys(),
    ...commits.flatMap(({ host }) => (host === undefined ? [] : [host.id])),
  ])
  const checkHost = (id: HostId) => {
    if (!hosts.has(id)) throw new NotFoundError('host', id)
  }
  for (const { report, results } of commits) {
    checkHost(report.host)
    const expected = next.get(report.task) ?? memory.tasks.get(report.task)?.nextSeq ?? 0
    if (report.seq !== expected) throw new ReportOrderError(report.task, report.seq, expected)
    next.set(report.task, expected + 1)
    for (const { workunit, host } of results) {
      known(memory.workunits, 'workunit', workunit)
      checkHost(host)
    }
  }
}

function append({ tasks, reports, results, workunits }: Memory, commit: Commit): void {
  const { task: id, host, seq, head, seal } = commit.report
  const sealed = seal !== null || tasks.get(id)?.sealed === true
  tasks.set(id, { id, host, nextSeq: seq + 1, head, sealed })
  reports.push({ ...commit.report, id: reports.length + 1 })
  for (const result of commit.results) {
    const same = (other: StoredResult) =>
      other.workunit === result.workunit &&
      canonicalJson(other.output) === canonicalJson(result.output)
    if (results.some(same)) continue
    const { batch } = known(workunits, 'workunit', result.workunit)
    results.push({ ...result, batch, id: results.length + 1 })
  }
}

function known<Id extends BatchId | HostId | WorkunitId, Value>(
  values: ReadonlyMap<Id, Value>,
  what: string,
  id: Id,
): Value {
  const value = values.get(id)
  if (value === undefined) throw new NotFoundError(what, id)
  return value
}
