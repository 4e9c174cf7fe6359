import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openHostStorage } from '../../../src/cli/openHostStorage.ts'
import { testDirectory } from '../../integration/testServer.ts'
import { seededRandom } from '../../seededRandom.ts'
import { keptTaskId, sampleTask } from './sampleTask.ts'

const CHILD = fileURLToPath(new URL('./fileCrashChild.ts', import.meta.url))
const KILLS = 8
const random = seededRandom('host crash')

test('whatever moment a host is killed at, it stays the same, and every write it announced is there, whole', async () => {
  const dataDir = await testDirectory()
  const hosts = new Set<string>()
  let last = 0
  for (let kills = 0; kills < KILLS; kills++) {
    const [host = '', ...announced] = await runAndKill(dataDir, last, random() * 200)
    hosts.add(host)
    last = Math.max(last, ...announced.map(Number))

    const storage = openHostStorage(dataDir, new URL('http://localhost:8787'))
    const tasks = new Map((await storage.tasks()).map((task) => [task.task, task]))
    storage.close()
    // A write that nobody heard of may be there too, but then both of its tasks are.
    const newest = tasks.get(keptTaskId(0))?.nextSeq ?? 0
    expect(newest).toBeGreaterThanOrEqual(last)
    expect(newest).toBeLessThanOrEqual(last + 1)
    expect(tasks.size).toBe(newest + 1)
    for (let n = 1; n <= newest; n++) {
      expect(tasks.get(keptTaskId(n))).toEqual(sampleTask(n, 5, host as never))
    }
    last = newest
  }
  expect(hosts.size).toBe(1)
  expect(last).toBeGreaterThan(KILLS)
}, 60_000)

/** @returns the lines it printed to the end; a line cut by the kill is left out */
async function runAndKill(dataDir: string, from: number, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, dataDir, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part))
  const closed = once(child, 'close')
  await Promise.race([once(child.stdout, 'data'), closed])
  await sleep(afterMs)
  child.kill('SIGKILL')
  expect(await closed).toEqual([null, 'SIGKILL'])
  return text.split('\n').slice(0, -1)
}
