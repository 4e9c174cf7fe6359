import type { Store } from '../store.ts'
import { connect } from './connect.ts'
import { databaseOn, type Database } from './database.ts'
import { migrate } from './migrate.ts'
import { addBatch } from './operations/addBatch.ts'
import { addWorkunits } from './operations/addWorkunits.ts'
import { batch, batches, unfinishedBatches } from './operations/batches.ts'
import { claim, claimThese } from './operations/claim.ts'
import { commit } from './operations/commit.ts'
import { finishedWorkunits } from './operations/finishedWorkunits.ts'
import { releaseClaims, renewClaims } from './operations/heldClaims.ts'
import { host, hosts, upsertHost } from './operations/hosts.ts'
import { report, reports } from './operations/reports.ts'
import { results, resultsOf } from './operations/results.ts'
import { secret } from './operations/secret.ts'
import { setBatchState } from './operations/setBatchState.ts'
import { task } from './operations/task.ts'
import { totals } from './operations/totals.ts'
import { unfinishedRequests } from './operations/unfinishedRequests.ts'
import { lastWorkunit, workunit, workunits } from './operations/workunits.ts'
import { yields } from './operations/yields.ts'

/**
 * The embedded engine: one file, this process alone. Every call does its work before it returns, so calls never interleave;
 * a commit costs one flush of the disk, however many reports it holds.
 *
 * @throws StoreLockedError when another process has the file open
 * @throws StoreTooNewError when a newer build wrote it
 */
export function openSqliteStore(path: string): Store {
  const connection = connect(path)
  try {
    migrate(connection, path)
  } catch (error) {
    connection.close()
    throw error
  }
  return sqliteStore(databaseOn(connection), () => connection.close())
}

/** The contract over an open database. Every method is `async`, so that what an operation throws rejects. */
export function sqliteStore(db: Database, close: () => void): Store {
  return {
    shared: false,
    secret: async (name) => secret(db, name),
    addBatch: async (added) => addBatch(db, added),
    addWorkunits: async (id, from, added) => addWorkunits(db, id, from, added),
    setBatchState: async (id, state) => setBatchState(db, id, state),
    claim: async (wish) => claim(db, wish),
    claimThese: async (wish) => claimThese(db, wish),
    renewClaims: async (owner, until, held) => renewClaims(db, owner, until, held),
    releaseClaims: async (owner) => releaseClaims(db, owner),
    commit: async (commits) => commit(db, commits),
    task: async (id) => task(db, id),
    report: async (id, seq) => report(db, id, seq),
    reports: async (page) => reports(db, page),
    upsertHost: async (seen) => upsertHost(db, seen),
    host: async (id) => host(db, id),
    yields: async (id) => yields(db, id),
    hosts: async (page) => hosts(db, page),
    batch: async (id) => batch(db, id),
    batches: async (page) => batches(db, page),
    unfinishedBatches: async (page) => unfinishedBatches(db, page),
    unfinishedRequests: async () => unfinishedRequests(db),
    workunit: async (id) => workunit(db, id),
    lastWorkunit: async (id) => lastWorkunit(db, id),
    workunits: async (id, page) => workunits(db, id, page),
    finishedWorkunits: async (id, page) => finishedWorkunits(db, id, page),
    resultsOf: async (ids) => resultsOf(db, ids),
    results: async (id, page) => results(db, id, page),
    totals: async () => totals(db),
    close: async () => close(),
  }
}
