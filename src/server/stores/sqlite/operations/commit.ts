import { groupSums } from '../../groupSums.ts'
import type { Commit } from '../../store.ts'
import type { Database } from '../database.ts'
import { addResult } from './addResult.ts'
import { addToBatches, batchSums } from './addToBatches.ts'
import { addToHost } from './addToHost.ts'
import { addToTotals } from './addToTotals.ts'
import { appendReport } from './appendReport.ts'
import { updateWorkunit } from './updateWorkunit.ts'

/** Fences come first: a group that has lost a workunit is refused before it has written anything. */
export function commit(db: Database, commits: readonly Commit[]): void {
  const group = groupSums(commits)
  const batches = batchSums()
  db.transaction(() => {
    for (const update of group.workunits.values()) updateWorkunit(db, update, batches)
    for (const [host, sums] of group.hosts) addToHost(db, host, sums)
    let results = 0
    for (const { report, results: found } of commits) {
      appendReport(db, report)
      for (const result of found) results += addResult(db, result, batches)
    }
    addToBatches(db, batches)
    addToTotals(db, { reports: commits.length, results, ...group.all })
  })
}
