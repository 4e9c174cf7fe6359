import type { Credit } from '../../protocol/credit.ts'
import { FencedError } from '../../protocol/errors.ts'
import type { HostId, WorkunitId } from '../../protocol/ids.ts'
import type { Commit, WorkunitUpdate, Yield } from './store.ts'

/** What reports add to a counter. */
export interface ReportSums {
  slices: number
  items: number
  creditReported: Credit
  creditFinal: Credit
}

/** The last update of a workunit in a group. */
export interface LastUpdate extends WorkunitUpdate {
  /** When the report that it follows from was received. */
  readonly at: number
}

export interface HostYield extends Yield {
  readonly host: HostId
}

/** What a group of commits comes to: one write for each workunit and each host, however many reports name it. */
export interface GroupSums {
  readonly workunits: ReadonlyMap<WorkunitId, LastUpdate>
  readonly hosts: ReadonlyMap<HostId, ReportSums>
  /** One for each host and app version that has any, always in the same order. */
  readonly yields: readonly HostYield[]
  readonly all: ReportSums
}

/** @throws FencedError when two commits name one workunit under different epochs: one of them is over */
export function groupSums(commits: readonly Commit[]): GroupSums {
  const workunits = new Map<WorkunitId, LastUpdate>()
  const hosts = new Map<HostId, ReportSums>()
  const yields = new Map<string, HostYield>()
  const all = noReports()
  for (const { report, workunits: updates, yields: found } of commits) {
    for (const update of updates) {
      const epoch = workunits.get(update.id)?.epoch ?? update.epoch
      if (epoch !== update.epoch) throw new FencedError([update.id])
      // Taken out first, so that the map's order is that of the last updates.
      workunits.delete(update.id)
      workunits.set(update.id, { ...update, at: report.receivedAt })
    }
    const host = hosts.get(report.host) ?? noReports()
    hosts.set(report.host, host)
    for (const one of found ?? []) addYield(yields, { ...one, host: report.host })
    for (const sums of [host, all]) {
      sums.slices += report.sliceCount
      sums.items += report.acceptedItems
      sums.creditReported += report.creditReported
      sums.creditFinal += report.creditFinal
    }
  }
  const inOrder = [...yields].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
  return { workunits, hosts, yields: inOrder, all }
}

/** Adds to the sum of its host and app version. */
export function addYield(sums: Map<string, HostYield>, more: HostYield): void {
  const key = `${more.host} ${more.app} ${more.version}`
  const { expected = 0, found = 0 } = sums.get(key) ?? {}
  sums.set(key, { ...more, expected: expected + more.expected, found: found + more.found })
}

function noReports(): ReportSums {
  return { slices: 0, items: 0, creditReported: 0n, creditFinal: 0n }
}
