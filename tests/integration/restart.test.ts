import { join } from 'node:path'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { MAX_TASKS_PER_HOST } from '../../src/core/lease.ts'
import { appIdSchema, batchIdSchema } from '../../src/protocol/ids.ts'
import type { Report } from '../../src/protocol/messages.ts'
import { connect } from '../../src/server/stores/sqlite/connect.ts'
import { openSqliteStore } from '../../src/server/stores/sqlite/openSqliteStore.ts'
import type { Store } from '../../src/server/stores/store.ts'
import { openMemoryStore } from '../../src/server/stores/memory/openMemoryStore.ts'
import { digestApp } from './digestApp.ts'
import { newIdentity, TaskReports } from './testHost.ts'
import { request, submit, testDirectory, testServer } from './testServer.ts'

test('reports that were not acknowledged before a restart count once after it', async () => {
  const flags = { store: 'sqlite', 'data-dir': await testDirectory() }
  const before = await testServer(flags)
  const batch = await submit(before, '64 16\n4096 16')
  const identity = newIdentity()
  const host = await before.enter(identity)
  const task = await host.ask()
  const reports = new TaskReports(task, identity)
  const slices = reports.slices()
  const first = reports.next(slices.slice(0, 2))
  const firstAck = await host.report(first)
  const second = reports.next(slices.slice(2), { seal: true })
  await before.stop()
  expect(await host.expect('close')).toMatchObject({ code: 'restarting', advice: 'reconnect' })

  const after = await testServer(flags)
  const again = await after.enter(identity)
  expect(await again.report(first)).toEqual(firstAck)
  const secondAck = await again.report(second)
  expect(secondAck.refused).toEqual([])
  expect(await again.report(second)).toEqual(secondAck)
  const { body } = await request(after, `/api/batches/${batch}`)
  expect(body.itemsFinal).toBe(firstAck.acceptedItems + secondAck.acceptedItems)
  const { body: stats } = await request(after, '/api/stats')
  expect(stats).toMatchObject({ reports: 2, items: body.itemsFinal })
  // What is done is not leased again.
  const [grant] = (await again.ask()).grants
  expect(grant?.start).toBe(body.itemsFinal - 64)
})

test('a sealed task takes no more reports, after a restart either', async () => {
  const flags = { store: 'sqlite', 'data-dir': await testDirectory() }
  const before = await testServer(flags)
  await submit(before, '6400 16')
  const identity = newIdentity()
  const host = await before.enter(identity)
  const reports = new TaskReports(await host.ask(), identity)
  await host.report(reports.next(reports.slices().slice(0, 1), { seal: true }))
  const more = reports.next(reports.slices().slice(1, 2))
  host.send(more)
  expect(await host.expect('close')).toMatchObject({ code: 'out_of_turn' })
  await before.stop()
  const again = await (await testServer(flags)).enter(identity)
  again.send(more)
  expect(await again.expect('close')).toMatchObject({ code: 'out_of_turn' })
})

test('sealed reports that are repeated after a restart do not fill the books of their host', async () => {
  const flags = { store: 'sqlite', 'data-dir': await testDirectory() }
  const before = await testServer(flags)
  await submit(before, '6400 16')
  const identity = newIdentity()
  const host = await before.enter(identity)
  const sealed: Report[] = []
  for (let i = 0; i < MAX_TASKS_PER_HOST; i++) {
    const reports = new TaskReports(await host.ask(), identity)
    const report = reports.next(reports.slices().slice(0, 1), { seal: true })
    await host.report(report)
    sealed.push(report)
  }
  await before.stop()
  const again = await (await testServer(flags)).enter(identity)
  for (const report of sealed) await again.report(report)
  expect((await again.ask()).grants).not.toEqual([])
})

test('a graceful stop acknowledges what arrived, and takes but a moment', async () => {
  const dataDir = await testDirectory()
  const server = await testServer({ store: 'sqlite', 'data-dir': dataDir })
  await submit(server, '64000 16')
  const hosts = await Promise.all(Array.from({ length: 8 }, () => server.enter()))
  const reported = await Promise.all(
    hosts.map(async (host) => {
      const reports = new TaskReports(await host.ask(), host.identity)
      host.send(reports.next(reports.slices()))
      return host
    }),
  )
  const started = Date.now()
  await server.stop()
  expect(Date.now() - started).toBeLessThan(4_000)

  let acknowledged = 0
  for (const host of reported) {
    const frame = await host.next()
    if (frame?.type === 'ack') acknowledged += frame.acceptedItems
    const close = frame?.type === 'ack' ? await host.next() : frame
    expect(close).toMatchObject({ type: 'close', code: 'restarting' })
    expect(await host.next()).toBeUndefined()
  }
  const store = openSqliteStore(join(dataDir, 'weft.sqlite'))
  expect((await store.totals()).items).toBe(acknowledged)
  await store.close()
})

test('a submission that a crash cut short is cancelled at the next start', async () => {
  const store = openMemoryStore()
  await store.addBatch({
    id: v.parse(batchIdSchema, 'half'),
    kind: 'request',
    app: digestApp.id,
    version: digestApp.version,
    title: 'half of it',
    createdAt: 0,
    epsilon: 0.01,
  })
  const server = await testServer({}, { store })
  expect((await request(server, '/api/batches/half')).body.state).toBe('cancelled')
})

test('a batch that cannot be read keeps no other from being computed', async () => {
  const dataDir = await testDirectory()
  const flags = { store: 'sqlite', 'data-dir': dataDir }
  const before = await testServer(flags)
  const broken = await submit(before, '64 16')
  const whole = await submit(before, '64 16')
  await before.stop()
  const database = connect(join(dataDir, 'weft.sqlite'))
  database.prepare("UPDATE batches SET kind = 'riddle' WHERE id = ?").run(broken)
  database.close()
  const after = await testServer(flags)
  const host = await after.enter()
  expect((await host.ask()).workunits).toMatchObject([{ batch: whole }])
})

test('a submission under way is not opened when the coordinator begins again', async () => {
  const { store, fail } = fickleStore()
  const server = await testServer({}, { store })
  await submit(server, '64 16')
  const half = v.parse(batchIdSchema, 'half')
  const { id: app, version } = digestApp
  await store.addBatch({
    id: half,
    kind: 'request',
    app,
    version,
    title: 'half',
    createdAt: 0,
    epsilon: 0.01,
  })
  await store.addWorkunits(half, 0, [
    { input: { items: 9, every: 1 }, source: null, key: null, itemCount: 9, itemCost: 1n },
  ])
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  fail({ commits: 1, releases: 0 })
  host.send(reports.next(reports.slices()))
  expect(await host.expect('close')).toMatchObject({ code: 'not_committed' })
  const again = await server.enter(host.identity)
  expect((await again.ask()).workunits).not.toContainEqual(expect.objectContaining({ batch: half }))
})

test('work of an app that this build does not know is left alone', async () => {
  const store = openMemoryStore()
  const id = v.parse(batchIdSchema, 'future')
  const app = v.parse(appIdSchema, 'unheard-of')
  await store.addBatch({
    id,
    kind: 'request',
    app,
    version: 7,
    title: 'future',
    createdAt: 0,
    epsilon: 0.01,
  })
  await store.addWorkunits(id, 0, [
    { input: {}, source: null, key: null, itemCount: 5, itemCost: 1n },
  ])
  await store.setBatchState(id, 'sealed')
  const server = await testServer({}, { store })
  const host = await server.enter()
  host.send({ type: 'ask', speed: 1 })
  expect(await host.expect('noWork')).toMatchObject({ reason: 'no-batches' })
  const { status, body } = await request(server, '/api/batches/future/workunits')
  expect([status, body.code]).toEqual([404, 'unknown_app'])
})

test('when the store fails nothing is acknowledged, and the same reports count when it is back', async () => {
  const { store, fail } = fickleStore()
  const server = await testServer({}, { store })
  const batch = await submit(server, '64 16')
  const identity = newIdentity()
  const host = await server.enter(identity)
  const reports = new TaskReports(await host.ask(), identity)
  const slices = reports.slices()
  const first = await host.report(reports.next(slices.slice(0, 1)))

  fail({ commits: 1, releases: 1 })
  const second = reports.next(slices.slice(1), { seal: true })
  host.send(second)
  expect(await host.expect('close')).toMatchObject({ code: 'not_committed', advice: 'reconnect' })
  expect((await request(server, `/api/batches/${batch}`)).body.itemsFinal).toBe(first.acceptedItems)

  // The store does not answer at once: the report waits until it does.
  const again = await server.enter(identity)
  expect((await again.report(second)).refused).toEqual([])
  expect((await request(server, `/api/batches/${batch}`)).body).toMatchObject({
    itemsFinal: 64,
    finished: 1,
  })
})

/** A memory store that fails as a full disk does, as often as it is told to. */
function fickleStore(): {
  store: Store
  fail: (times: { commits: number; releases: number }) => void
} {
  const inner = openMemoryStore()
  let left = { commits: 0, releases: 0 }
  const full = new Error('database or disk is full')
  return {
    store: {
      ...inner,
      commit: async (commits) => {
        if (left.commits-- > 0) throw full
        return inner.commit(commits)
      },
      releaseClaims: async (owner) => {
        if (left.releases-- > 0) throw full
        return inner.releaseClaims(owner)
      },
    },
    fail: (times) => {
      left = { ...times }
    },
  }
}
