import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { databaseOn } from '../../../src/server/stores/sqlite/database.ts'
import { migrate } from '../../../src/server/stores/sqlite/migrate.ts'
import { sqliteStore } from '../../../src/server/stores/sqlite/openSqliteStore.ts'
import {
  addSampleWork,
  sampleBatch,
  sampleBatchId,
  sampleCommit,
  sampleHostId,
  sampleReport,
  sampleTaskId,
  sure,
} from './samples.ts'

const sampleYield = { app: sampleBatch('alpha').app, version: 1, expected: 1, found: 1 }

/** A list from its beginning walks its own index and stops at the limit; `totals` has one row. */
function mayScan(sql: string, step: string): boolean {
  return (
    step === 'SCAN totals' ||
    // As long as what is open is: that is what the index is for.
    /^SCAN batches USING (COVERING )?INDEX batches_unfinished$/.test(step) ||
    (/ORDER BY [\w., ]+ LIMIT :limit$/.test(sql) && !/WHERE/.test(sql))
  )
}

test('no statement walks a table or sorts: each goes by an index', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weft-plans-'))
  const connection = new DatabaseSync(join(folder, 'weft.db'))
  migrate(connection, 'weft.db')
  const db = databaseOn(connection)
  const store = sqliteStore(db, () => connection.close())

  const batch = await addSampleWork(store, 3)
  const claimed = await store.claim({ owner: 'a', batch, limit: 1, now: 0, until: 9 })
  const workunits = claimed.map(({ id }) => id)
  const taken = await store.claimThese({ owner: 'a', workunits, now: 0, until: 9 })
  await store.renewClaims('a', 10, workunits.slice(0, 0))
  await store.commit([
    sampleCommit(sampleReport(1, 0), taken, { final: true, end: 8, outputs: [1] }),
    { ...sampleCommit(sampleReport(1, 1)), yields: [sampleYield] },
  ])
  await store.releaseClaims('a')
  const page = { after: 1, limit: 10 }
  await Promise.all([
    store.secret('lease'),
    store.setBatchState(batch, 'sealed'),
    store.task(sampleTaskId(1)),
    store.report(sampleTaskId(1), 0),
    store.reports(page),
    store.host(sampleHostId(1)),
    store.yields(sampleHostId(1)),
    store.hosts({ limit: 10 }),
    store.hosts({ after: { credit: 1n, id: sampleHostId(1) }, limit: 10 }),
    store.batch(batch),
    store.unfinishedBatches({ limit: 10 }),
    store.unfinishedBatches({ after: sampleBatchId('alpha'), limit: 10 }),
    store.unfinishedRequests(),
    store.finishedWorkunits(batch, page),
    store.resultsOf(workunits),
    store.batches({ limit: 10 }),
    store.batches({ after: sampleBatchId('alpha'), limit: 10 }),
    store.workunit(sure(claimed[0]).id),
    store.lastWorkunit(batch),
    store.workunits(batch, page),
    store.results(batch, page),
    store.totals(),
  ])

  const plans = db.prepared().map((sql) => ({
    sql,
    steps: connection
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail)),
  }))
  const bad = plans.filter(({ sql, steps }) =>
    steps.some(
      (step) => step.includes('TEMP B-TREE') || (step.startsWith('SCAN') && !mayScan(sql, step)),
    ),
  )
  expect(bad).toEqual([])
  const claim = plans.find(({ sql }) => sql.includes('LIMIT :limit') && sql.includes('UPDATE'))
  expect(claim?.steps.join('\n')).toContain('workunits_unfinished (batch=?)')
  await store.close()
  rmSync(folder, { recursive: true })
})
