import { groupSums } from '../../groupSums.ts'
import type { Commit } from '../../store.ts'
import type { Database } from '../database.ts'
import { addResults } from './addResults.ts'
import { addToBatches } from './addToBatches.ts'
import { addToHosts } from './addToHosts.ts'
import { addToTotals, lockTotals } from './addToTotals.ts'
import { advanceTasks } from './advanceTasks.ts'
import { appendReports } from './appendReports.ts'
import { rememberHosts } from './hosts.ts'
import { updateWorkunits } from './updateWorkunits.ts'
import { addToYields } from './yields.ts'

/**
 * One statement for each table, however many reports there are. Fences come before all that costs. From `lockTotals` on
 * coordinators take turns: so reports, results and finished workunits are numbered in the order in which they become
 * visible, and whoever reads on from a number misses nothing; and hosts, tasks and batches are locked in no circle, whoever names
 * them in which order.
 */
export async function commit(db: Database, commits: readonly Commit[]): Promise<void> {
  if (commits.length === 0) return
  const group = groupSums(commits)
  await db.transaction(async (connection) => {
    const batches = await updateWorkunits(connection, [...group.workunits.values()])

    await lockTotals(connection)
    const newHosts = await rememberHosts(
      connection,
      commits.flatMap(({ host }) => host ?? []),
    )
    const hosts = await addToHosts(connection, commits, group.hosts)
    await addToYields(connection, group.yields, hosts)
    const tasks = await advanceTasks(connection, commits, hosts)
    await appendReports(connection, commits, { hosts, tasks })
    const results = await addResults(connection, commits, hosts)
    await addToBatches(connection, batches, results)
    await addToTotals(connection, {
      ...group.all,
      hosts: newHosts,
      reports: commits.length,
      results,
    })
  })
}
