import { openSqliteStore } from '../../../src/server/stores/sqlite/openSqliteStore.ts'
import { addSampleHost, sampleCommit, sampleHostId, sampleReport, sure } from './samples.ts'
import { CRASH_BATCH, GROUP } from './sqliteCrash.ts'

/**
 * Commits group after group until it is killed, and says each one only when it is durable. Each group has `GROUP` reports of
 * one task: the first new task after those that are there.
 */
const [path = ''] = process.argv.slice(2)
const store = openSqliteStore(path)
await addSampleHost(store, 1)
const claimed = await store.claim({
  owner: 'child',
  batch: CRASH_BATCH,
  limit: 100,
  now: Date.now(),
  until: Date.now() + 60_000,
})
const { reports } = await store.totals()
for (let task = reports / GROUP; ; task++) {
  const workunit = sure(claimed[task % claimed.length])
  const done = Math.floor(task / 100) + 1
  const group = Array.from({ length: GROUP }, (_, seq) =>
    sampleCommit(
      sampleReport(task, seq, { host: sampleHostId(1), slices: new Uint8Array(400).fill(task) }),
      [workunit],
      { end: done, outputs: [`${task}.${seq}`] },
    ),
  )
  await store.commit(group)
  process.stdout.write(`${task} ${workunit.position} ${done}\n`)
}
