import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { apps } from '../../src/apps/registry.ts'
import { openHostStorage } from '../../src/cli/openHostStorage.ts'
import { contributeProcess } from '../../src/cli/testing/contributeProcess.ts'
import { decodeSliceRecords } from '../../src/server/stores/sliceRecords.ts'
import { openSqliteStore } from '../../src/server/stores/sqlite/openSqliteStore.ts'
import { request, submit, testDirectory, testServer } from './testServer.ts'

/** More than any machine does before the test is over. */
const LONG = 'Factor=N/A,5000011,50,74\n'

test(
  'a host that is killed is the same one at its next start, and delivers what it had not sent',
  { timeout: 90_000 },
  async () => {
    const serverDir = await testDirectory()
    const hostDir = await testDirectory()
    // Reports once a minute: what is finished after the first slice is unsent when the host is killed.
    const flags = { store: 'sqlite', 'data-dir': serverDir, 'report-every-ms': '60000' }
    const server = await testServer(flags, { apps })
    await submit(server, LONG, 'mersenne-tf')
    const contribute = () => {
      const flagsOfHost = ['--server', server.address, '--data-dir', hostDir]
      const child = contributeProcess([...flagsOfHost, '--backend', 'wasm', '--json'])
      onTestFinished(() => child.kill('SIGKILL'))
      return child
    }

    const killed = contribute()
    const { host } = await killed.event(({ event }) => event === 'start')
    await killed.event(({ unsentSlices }) => Number(unsentSlices) > 2)
    killed.kill('SIGKILL')
    expect(await killed.ended).toBe('SIGKILL')

    const storage = openHostStorage(hostDir, new URL(server.address))
    const kept = await storage.tasks()
    storage.close()
    const unsent = kept.flatMap(({ task, inFlight, finished }) =>
      [...(inFlight?.slices ?? []), ...finished.map(({ slice }) => slice)].map((slice) => ({
        task,
        slice,
      })),
    )
    expect(unsent.length).toBeGreaterThan(2)
    const counted = async () => (await request(server, `/api/hosts/${String(host)}`)).body.slices
    const before = await counted()

    const next = contribute()
    expect(await next.event(({ event }) => event === 'start')).toMatchObject({ host })
    await expect
      .poll(counted, { timeout: 30_000, interval: 100 })
      .toBeGreaterThanOrEqual(before + unsent.length)
    next.kill('SIGINT')
    expect(await next.ended).toBe(130)

    await server.stop()
    const store = openSqliteStore(join(serverDir, 'weft.sqlite'))
    onTestFinished(() => store.close())
    const reports = await store.reports({ limit: 1_000 })
    const stored = reports.flatMap(({ task, slices }) =>
      decodeSliceRecords(slices).map((slice) => ({ task, slice })),
    )
    expect(stored).toEqual(expect.arrayContaining(unsent))
    expect(new Set(reports.map((report) => report.host))).toEqual(new Set([host]))
    // Each counted once: items of all slices, and no more.
    const items = stored.reduce((sum, { slice: [, , log2] }) => sum + 2 ** log2, 0)
    expect(reports.reduce((sum, { acceptedItems }) => sum + acceptedItems, 0)).toBe(items)
  },
)
