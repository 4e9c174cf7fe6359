import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { emptyMemory } from '../../src/server/stores/memory/memory.ts'
import { openMemoryStore } from '../../src/server/stores/memory/openMemoryStore.ts'
import { newDatabase } from '../postgres/newDatabase.ts'
import { newIdentity, TaskReports } from './testHost.ts'
import { request, submit, SUBMIT_TOKEN, testDirectory, testServer } from './testServer.ts'

type Server = Awaited<ReturnType<typeof testServer>>

/** Two coordinators that share one store. */
const PAIRS: readonly [string, () => Promise<[Server, Server]>][] = [
  [
    'memory',
    async () => {
      const memory = emptyMemory()
      const open = async () => testServer({}, { store: openMemoryStore(memory, true) })
      return [await open(), await open()]
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const url = await testDatabase()
      const open = async () =>
        testServer({
          store: 'postgres',
          'database-url': url,
          'data-dir': await testDirectory(),
        })
      return [await open(), await open()]
    },
  ],
]

async function testDatabase(): Promise<string> {
  const { url, remove } = await newDatabase(inject('postgresUrl'))
  onTestFinished(remove)
  return url
}

describe.each(PAIRS)('two coordinators on %s', (_, open) => {
  test('compute what was submitted to either, each item once', async () => {
    const [one, two] = await open()
    const batches = [
      await submit(one, '512 16\n'.repeat(60)),
      await submit(two, '512 16\n'.repeat(60)),
    ]
    const workers = [one, two, one, two].map((server) => workUntilDone(server, batches))
    const accepted = (await Promise.all(workers)).reduce((sum, items) => sum + items, 0)
    expect(accepted).toBe(2 * 60 * 512)
    for (const batch of batches) {
      const { body } = await request(one, `/api/batches/${batch}`)
      expect(body).toMatchObject({ finished: 60, itemsFinal: 60 * 512 })
    }
    expect((await request(two, '/api/stats')).body.items).toBe(accepted)
  })

  test('take over a host that goes from one to the other and back, with all that it did', async () => {
    const [one, two] = await open()
    const batch = await submit(one, '4096 16')
    const identity = newIdentity()
    const host = await one.enter(identity)
    const reports = new TaskReports(await host.ask(), identity)
    const [a, b, c, d, ...rest] = reports.slices()
    if (!a || !b || !c || !d) throw new Error('the task is too small')
    const sent = [[a], [b], [c], [d], rest].map((slices, i) =>
      reports.next(slices, { seal: i === 4 }),
    )
    const at = async (server: Server, i: number) => {
      const visitor = await server.enter(identity)
      const ack = await visitor.report(sent[i] as (typeof sent)[number])
      visitor.drop()
      return ack
    }
    const acks = [await at(one, 0), await at(two, 1), await at(one, 2)]
    // The first one again, by a coordinator that has moved on since.
    expect(await at(two, 2)).toEqual(acks[2])
    acks.push(await at(two, 3), await at(one, 4))
    expect(acks.flatMap(({ refused }) => refused)).toEqual([])
    expect(await at(two, 4)).toEqual(acks[4])
    const { body } = await request(two, `/api/batches/${batch}`)
    expect(body.itemsFinal).toBe(acks.reduce((sum, ack) => sum + ack.acceptedItems, 0))
  })

  test('lose nothing of a third host when a workunit changes hands under it', async () => {
    const [one, two] = await open()
    const batch = await submit(one, '8192 16')
    const [mover, stayer] = [newIdentity(), newIdentity()]
    const moving = await one.enter(mover)
    const staying = await one.enter(stayer)
    const moved = new TaskReports(await moving.ask(), mover)
    const stayed = new TaskReports(await staying.ask(), stayer)
    const elsewhere = await two.enter(mover)
    const acks = []
    for (const [i, slice] of moved.slices().slice(0, 8).entries()) {
      acks.push(await elsewhere.report(moved.next([slice])))
      acks.push(await staying.report(stayed.next(stayed.slices().slice(i, i + 1))))
    }
    expect(acks.flatMap(({ refused }) => refused)).toEqual([])
    const { body } = await request(one, `/api/batches/${batch}`)
    expect(body.itemsFinal).toBe(acks.reduce((sum, ack) => sum + ack.acceptedItems, 0))
  })

  test('learn of each other’s batches, and of what is cancelled', async () => {
    const [one, two] = await open()
    const batch = await submit(one, '4096 16')
    await expect.poll(() => answerOf(two), { timeout: 20_000 }).toMatchObject({ type: 'task' })
    await request(one, `/api/batches/${batch}/cancel`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SUBMIT_TOKEN}` },
    })
    await expect
      .poll(() => answerOf(two), { timeout: 20_000 })
      .toMatchObject({ type: 'noWork', reason: 'no-batches' })
  })
})

/** What a new host gets that asks for work. */
async function answerOf(server: Server) {
  const host = await server.enter()
  host.send({ type: 'ask', speed: 1_000 })
  const answer = await host.next()
  await host.leave()
  return answer
}

test('a coordinator whose visitors have left leaves what it claimed to the others', async () => {
  const memory = emptyMemory()
  const open = () => testServer({ 'claim-ms': '1000' }, { store: openMemoryStore(memory, true) })
  const [one, two] = [await open(), await open()]
  // More than the least that may be queued: what is given back must not count as waiting here.
  await submit(one, '4096 16\n'.repeat(60))
  const visitor = await one.enter()
  await visitor.ask()
  expect(await answerOf(two)).toMatchObject({ type: 'noWork' })
  await visitor.leave()
  await expect.poll(() => answerOf(two), { timeout: 20_000 }).toMatchObject({ type: 'task' })
  // And when the others have gone it can be had here again.
  await expect.poll(() => answerOf(one), { timeout: 20_000 }).toMatchObject({ type: 'task' })
})

test('a report of an app that another build knows is not refused: it must come again', async () => {
  const memory = emptyMemory()
  const newer = await testServer({}, { store: openMemoryStore(memory, true) })
  const older = await testServer({}, { store: openMemoryStore(memory, true), apps: [] })
  const batch = await submit(newer, '4096 16')
  const identity = newIdentity()
  const host = await newer.enter(identity)
  const reports = new TaskReports(await host.ask(), identity)
  const report = reports.next(reports.slices().slice(0, 2))
  const stray = await older.enter(identity)
  stray.send(report)
  expect(await stray.expect('close')).toMatchObject({ code: 'not_committed', advice: 'reconnect' })
  const back = await newer.enter(identity)
  const ack = await back.report(report)
  expect(ack.refused).toEqual([])
  const { body } = await request(newer, `/api/batches/${batch}`)
  expect(body.itemsFinal).toBe(ack.acceptedItems)
})

test('a store that does not answer costs a report some time, and nothing else', async () => {
  const memory = emptyMemory()
  const one = await testServer({}, { store: openMemoryStore(memory, true) })
  const store = openMemoryStore(memory, true)
  let failures = 0
  const two = await testServer(
    {},
    {
      store: {
        ...store,
        async task(id) {
          if (failures-- > 0) throw new Error('connection terminated')
          return store.task(id)
        },
      },
    },
  )
  const batch = await submit(one, '4096 16')
  const identity = newIdentity()
  const reports = new TaskReports(await (await one.enter(identity)).ask(), identity)
  const report = reports.next(reports.slices().slice(0, 2))
  failures = 2
  for (let tries = 0; ; tries++) {
    const host = await two.enter(identity)
    host.send(report)
    const answer = await host.next()
    if (answer?.type === 'ack') {
      expect(answer.refused).toEqual([])
      break
    }
    expect(answer).toMatchObject({ code: 'not_committed' })
    expect(tries).toBeLessThan(2)
  }
  expect(failures).toBeLessThan(0)
  expect((await request(two, `/api/batches/${batch}`)).body.itemsFinal).toBeGreaterThan(0)
})

test('coordinators on one database agree on the submit token', async () => {
  const url = await testDatabase()
  const flags = { store: 'postgres', 'database-url': url, 'submit-token': '' }
  const one = await testServer({ ...flags, 'data-dir': await testDirectory() })
  const two = await testServer({ ...flags, 'data-dir': await testDirectory() })
  expect(one.submitToken).toMatch(/^[\w-]{32}$/)
  expect(two.submitToken).toBe(one.submitToken)
})

/** Asks and reports until both batches are done; returns how many items counted. */
async function workUntilDone(server: Server, batches: readonly string[]): Promise<number> {
  const host = await server.enter()
  let accepted = 0
  for (;;) {
    host.send({ type: 'ask', speed: 200_000 })
    const answer = await host.next()
    if (answer?.type === 'task') {
      const reports = new TaskReports(answer, host.identity)
      const ack = await host.report(reports.next(reports.slices().slice(0, 256), { seal: true }))
      accepted += ack.acceptedItems
      continue
    }
    const states = await Promise.all(batches.map((id) => request(server, `/api/batches/${id}`)))
    if (states.every(({ body }) => body.finished === body.workunits)) return accepted
    await sleep(100)
  }
}
