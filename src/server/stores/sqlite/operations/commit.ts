import { FencedError } from '../../../../protocol/errors.ts'
import { groupSums } from '../../groupSums.ts'
import type { Commit } from '../../store.ts'
import type { Database } from '../database.ts'
import { addResult } from './addResult.ts'
import { addToBatches, batchSums } from './addToBatches.ts'
import { addToHost } from './addToHost.ts'
import { addToTotals } from './addToTotals.ts'
import { appendReport } from './appendReport.ts'
import { rememberHost } from './hosts.ts'
import { updateWorkunit } from './updateWorkunit.ts'
import { addToYield } from './yields.ts'

/** Fences come before all that costs: a group that has lost a workunit is refused having written next to nothing. */
export function commit(db: Database, commits: readonly Commit[]): void {
  const group = groupSums(commits)
  const batches = batchSums()
  db.transaction(() => {
    for (const { host } of commits) if (host !== undefined) rememberHost(db, host)
    const fenced = [...group.workunits.values()].filter(
      (update) => !updateWorkunit(db, update, batches),
    )
    if (fenced.length > 0) throw new FencedError(fenced.map(({ id }) => id))
    for (const [host, sums] of group.hosts) addToHost(db, host, sums)
    for (const sum of group.yields) addToYield(db, sum)
    let results = 0
    for (const { report, results: found } of commits) {
      appendReport(db, report)
      for (const result of found) results += addResult(db, result, batches)
    }
    addToBatches(db, batches)
    addToTotals(db, { reports: commits.length, results, ...group.all })
  })
}
