import type { Credit } from '../../protocol/credit.ts'
import { FencedError } from '../../protocol/errors.ts'
import type { HostId, WorkunitId } from '../../protocol/ids.ts'
import type { Commit, WorkunitUpdate } from './store.ts'

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

/** What a group of commits comes to: one write for each workunit and each host, however many reports name it. */
export interface GroupSums {
  readonly workunits: ReadonlyMap<WorkunitId, LastUpdate>
  readonly hosts: ReadonlyMap<HostId, ReportSums>
  readonly all: ReportSums
}

/** @throws FencedError when two commits name one workunit under different epochs: one of them is over */
export function groupSums(commits: readonly Commit[]): GroupSums {
  const workunits = new Map<WorkunitId, LastUpdate>()
  const hosts = new Map<HostId, ReportSums>()
  const all = noReports()
  for (const { report, workunits: updates } of commits) {
    for (const update of updates) {
      const epoch = workunits.get(update.id)?.epoch ?? update.epoch
      if (epoch !== update.epoch) throw new FencedError([update.id])
      // Taken out first, so that the map's order is that of the last updates.
      workunits.delete(update.id)
      workunits.set(update.id, { ...update, at: report.receivedAt })
    }
    const host = hosts.get(report.host) ?? noReports()
    hosts.set(report.host, host)
    for (const sums of [host, all]) {
      sums.slices += report.sliceCount
      sums.items += report.acceptedItems
      sums.creditReported += report.creditReported
      sums.creditFinal += report.creditFinal
    }
  }
  return { workunits, hosts, all }
}

function noReports(): ReportSums {
  return { slices: 0, items: 0, creditReported: 0n, creditFinal: 0n }
}
