import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Store } from '../../../src/server/stores/store.ts'
import { openSqliteStore } from '../../../src/server/stores/sqlite/openSqliteStore.ts'
import { seededRandom } from '../../seededRandom.ts'
import { addSampleWork, sampleTaskId } from './samples.ts'
import { CRASH_BATCH, GROUP } from './sqliteCrash.ts'

const CHILD = fileURLToPath(new URL('./sqliteCrashChild.ts', import.meta.url))
const random = seededRandom('crash')
const KILLS = 20
const BUDGET_MS = 15_000

test('whatever moment a process is killed at, every commit it announced is there, whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-crash-'))
  const path = join(folder, 'weft.db')
  const begun = openSqliteStore(path)
  await addSampleWork(begun, 100, 1_000_000)
  await begun.close()

  const announced = new Map<number, { position: number; done: number }>()
  const end = Date.now() + BUDGET_MS
  let kills = 0
  for (; kills < KILLS && Date.now() < end; kills++) {
    for (const line of await runAndKill(path, random() * 300)) {
      const [task = NaN, position = NaN, done = NaN] = line.split(' ').map(Number)
      announced.set(task, { position, done })
    }
    const store = openSqliteStore(path)
    await checkWhole(store, announced)
    await store.close()
  }
  expect(kills).toBeGreaterThanOrEqual(5)
  expect(announced.size).toBeGreaterThan(kills)
  await rm(folder, { recursive: true })
}, 60_000)

/** @returns the lines it printed to the end; a line cut by the kill is left out */
async function runAndKill(path: string, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part))
  await once(child.stdout, 'data')
  await sleep(afterMs)
  child.kill('SIGKILL')
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  expect([code, signal]).toEqual([null, 'SIGKILL'])
  return text.split('\n').slice(0, -1)
}

async function checkWhole(
  store: Store,
  announced: ReadonlyMap<number, { position: number; done: number }>,
): Promise<void> {
  const totals = await store.totals()
  const groups = totals.reports / GROUP
  expect(groups).toSatisfy(Number.isInteger)
  expect(groups).toBeGreaterThanOrEqual(Math.max(...announced.keys()) + 1)
  expect(totals).toMatchObject({
    slices: totals.reports * 2,
    items: totals.reports * 4,
    results: totals.reports,
    creditReported: BigInt(totals.reports) * 12n,
  })
  const reports = await store.reports({ limit: 1_000_000 })
  expect(reports).toHaveLength(totals.reports)
  const results = await store.results(CRASH_BATCH, { limit: 1_000_000 })
  const outputs = results.map(({ output }) => output)
  expect(outputs).toEqual(
    Array.from({ length: totals.reports }, (_, n) => `${Math.floor(n / GROUP)}.${n % GROUP}`),
  )
  const sets = (await store.workunits(CRASH_BATCH, { limit: 100 })).map(({ reported }) => reported)
  for (const [task, { position, done }] of announced) {
    expect(reports[task * GROUP]).toMatchObject({ task: sampleTaskId(task), seq: 0 })
    expect(sets[position]?.[1]).toBeGreaterThanOrEqual(done)
  }
  const newest = Math.max(...announced.keys())
  expect(await store.task(sampleTaskId(newest))).toMatchObject({ nextSeq: GROUP })
}
