import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openPostgresStore } from '../../../src/server/stores/postgres/openPostgresStore.ts'
import { startPostgres } from '../../postgres/startPostgres.ts'
import { seededRandom } from '../../seededRandom.ts'
import { addSampleWork, sampleBatchId, sampleCommit, sampleReport, sure } from './samples.ts'

const random = seededRandom('postgres-crash')
const KILLS = 5
const GROUP = 3

test('whatever moment the database is killed at, every commit it announced is there, whole', async () => {
  const postgres = await startPostgres()
  const lost: Error[] = []
  const store = await openPostgresStore(postgres.url, (error) => lost.push(error))
  try {
    await addSampleWork(store, 1, 1_000_000)
    const wish = { owner: 'a', batch: sampleBatchId('alpha'), limit: 1, now: 0, until: 1 }
    const workunits = await store.claim(wish)
    const announced = new Set<number>()
    let task = 0
    for (let kills = 0; kills < KILLS; kills++) {
      const killed = sleep(50 + random() * 300).then(() => postgres.kill())
      for (; ; task++) {
        const group = Array.from({ length: GROUP }, (_, seq) =>
          sampleCommit(sampleReport(task, seq), workunits, {
            end: task + 1,
            outputs: [`${task}.${seq}`],
          }),
        )
        const isWritten = await store.commit(group).then(
          () => true,
          () => false,
        )
        if (!isWritten) break
        announced.add(task)
      }
      task++
      await killed
      await postgres.restart()

      const totals = await store.totals()
      const reports = await store.reports({ limit: 100_000 })
      const tasks = new Set(reports.map((report) => report.task))
      // A commit whose answer was lost may be there as well, but no part of one.
      expect(reports.length).toBe(tasks.size * GROUP)
      expect(tasks.size - announced.size).toBeLessThanOrEqual(kills + 1)
      for (const one of announced) expect(tasks).toContain(sampleReport(one, 0).task)
      expect(totals).toMatchObject({ reports: reports.length, results: reports.length })
      const last = Math.max(...announced)
      const set = sure(await store.workunit(sure(workunits[0]).id)).reported
      expect(set[1]).toBeGreaterThanOrEqual(last + 1)
    }
    expect(announced.size).toBeGreaterThan(KILLS)
  } finally {
    await store.close()
    await postgres.stop()
  }
}, 120_000)
