import type { Store } from '../store.ts'
import { connect } from './connect.ts'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import { addBatch } from './operations/addBatch.ts'
import { addWorkunits } from './operations/addWorkunits.ts'
import { batch, batches, unfinishedBatches, unfinishedRequests } from './operations/batches.ts'
import { claim, claimThese } from './operations/claim.ts'
import { commit } from './operations/commit.ts'
import { releaseClaims, renewClaims } from './operations/heldClaims.ts'
import { host, hosts, upsertHost } from './operations/hosts.ts'
import { report, reports, task, totals } from './operations/reports.ts'
import { results, resultsOf } from './operations/results.ts'
import { secret } from './operations/secret.ts'
import { setBatchState } from './operations/setBatchState.ts'
import { finishedWorkunits, lastWorkunit, workunit, workunits } from './operations/workunits.ts'
import { yields } from './operations/yields.ts'

/**
 * The engine for several coordinators: one PostgreSQL database, as many of them as there are. Claims pass over what others hold, a
 * commit is one transaction of a statement for each table.
 *
 * @param url `postgresql://user:password@host/database`
 * @param lost called when a connection breaks: what was asked over it fails, the next question opens another
 * @throws DatabaseUnreachableError, DatabaseUnsuitableError
 * @throws StoreTooNewError when a newer build was here
 */
export async function openPostgresStore(url: string, lost: (error: Error) => void): Promise<Store> {
  const db = await connect(url, lost)
  try {
    await migrate(db)
  } catch (error) {
    await db.close()
    throw error
  }
  return postgresStore(db)
}

/** The contract over an open database. */
export function postgresStore(db: Database): Store {
  return {
    shared: true,
    secret: (name) => secret(db, name),
    addBatch: (added) => addBatch(db, added),
    addWorkunits: (id, from, added) => addWorkunits(db, id, from, added),
    setBatchState: (id, state) => setBatchState(db, id, state),
    claim: (wish) => claim(db, wish),
    claimThese: (wish) => claimThese(db, wish),
    renewClaims: (owner, until, held) => renewClaims(db, owner, until, held),
    releaseClaims: (owner) => releaseClaims(db, owner),
    commit: (commits) => commit(db, commits),
    task: (id) => task(db, id),
    report: (id, seq) => report(db, id, seq),
    reports: (page) => reports(db, page),
    upsertHost: (seen) => upsertHost(db, seen),
    host: (id) => host(db, id),
    yields: (id) => yields(db, id),
    hosts: (page) => hosts(db, page),
    batch: (id) => batch(db, id),
    batches: (page) => batches(db, page),
    unfinishedBatches: (page) => unfinishedBatches(db, page),
    unfinishedRequests: () => unfinishedRequests(db),
    workunit: (id) => workunit(db, id),
    lastWorkunit: (id) => lastWorkunit(db, id),
    workunits: (id, page) => workunits(db, id, page),
    finishedWorkunits: (id, page) => finishedWorkunits(db, id, page),
    resultsOf: (ids) => resultsOf(db, ids),
    results: (id, page) => results(db, id, page),
    totals: () => totals(db),
    close: () => db.close(),
  }
}
