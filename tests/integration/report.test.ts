import { expect, test } from 'vitest'
import type { Report, Task } from '../../src/protocol/messages.ts'
import { openMemoryStore } from '../../src/server/stores/memory/openMemoryStore.ts'
import type { Store } from '../../src/server/stores/store.ts'
import { digestApp } from './digestApp.ts'
import { newIdentity, TaskReports, type TestHost } from './testHost.ts'
import { request, submit, SUBMIT_TOKEN, testServer } from './testServer.ts'

test('a lease, its reports, their acks, and the results over HTTP', async () => {
  const server = await testServer()
  const batch = await submit(server, '64 16')
  const host = await server.enter()
  const task = await host.ask()
  expect(task.workunits).toMatchObject([
    { batch, kind: 'request', app: 'digest', input: { items: 64, every: 16 }, itemCount: 64 },
  ])

  const reports = new TaskReports(task, host.identity)
  const slices = reports.slices()
  const first = slices.slice(0, 1)
  const [, start = 0] = first[0] ?? []
  const ack = await host.report(reports.next(first, { outputs: [[0, { item: start }]] }))
  expect(ack).toMatchObject({ task: task.task, seq: 0, refused: [], state: 'final' })
  const rest = await host.report(reports.next(slices.slice(1), { seal: true }))
  expect(ack.acceptedItems + rest.acceptedItems).toBe(64)
  expect(ack.credit + rest.credit).toBe(64_000n)

  const { body: found } = await request(server, `/api/batches/${batch}/results`)
  expect(found.items).toMatchObject([
    { output: { item: 0 }, sentence: '0 is divisible by 16', provisional: true, verified: false },
  ])
  const { body: stats } = await request(server, '/api/stats')
  expect(stats).toMatchObject({ items: 64, creditFinal: '64000', connectedHosts: 1, trust: 'none' })
  const { body: after } = await request(server, `/api/batches/${batch}`)
  expect(after).toMatchObject({ finished: 1, itemsFinal: 64, results: 1 })
})

test('a report sent again gets the same answer, word for word, and changes nothing', async () => {
  const server = await testServer()
  await submit(server, '64 16')
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  const report = reports.next(reports.slices().slice(0, 1), { outputs: [[0, { item: 0 }]] })
  const first = await host.report(report)
  const { body: before } = await request(server, '/api/stats')
  expect(await host.report(report)).toEqual(first)
  expect((await request(server, '/api/stats')).body).toEqual(before)
})

test('a report that is sent twice before the first is stored counts once', async () => {
  const server = await testServer()
  await submit(server, '64 16')
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  const report = reports.next(reports.slices(), { seal: true })
  host.send(report)
  host.send(report)
  expect(await host.expect('ack')).toEqual(await host.expect('ack'))
  expect((await request(server, '/api/stats')).body).toMatchObject({ items: 64, reports: 1 })
})

test('a report before its turn ends the session and does not count', async () => {
  const server = await testServer()
  await submit(server, '64 16')
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  reports.next([])
  host.send(reports.next(reports.slices()))
  expect(await host.expect('close')).toMatchObject({ code: 'out_of_turn', advice: 'reconnect' })
  expect((await request(server, '/api/stats')).body.items).toBe(0)
})

test('slices count once: what another report did is refused', async () => {
  const server = await testServer()
  await submit(server, '64 16')
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  const [slice = [0, 0, 0, new Uint8Array(8)] as const] = reports.slices()
  const [grant, start, log2, digest] = slice
  await host.report(reports.next([[grant, start, log2, digest]]))
  const ack = await host.report(reports.next([[grant, start, log2, digest]]))
  expect(ack).toMatchObject({ acceptedItems: 0, credit: 0n, refused: [[0, 'done']] })
})

test('a slice that was never leased ends the session: nothing of its report counts or is kept', async () => {
  const server = await testServer()
  await submit(server, '64 16')
  const identity = newIdentity()
  const reports = new TaskReports(await (await server.enter(identity)).ask(), identity)
  const slices = reports.slices()
  const [[grant, start, log2, digest] = [0, 0, 0, new Uint8Array(8)] as const] = slices
  const strays: Report['slices'] = [
    [grant, 1_024, log2, digest],
    [grant + 7, start, log2, digest],
    [grant, start + 1, log2, digest],
  ]
  for (const stray of strays) {
    const host = await server.enter(identity)
    const { token } = reports.task
    host.send({ type: 'report', token, seq: 0, slices: [...slices, stray], outputs: [] })
    expect(await host.expect('close')).toMatchObject({ code: 'not_leased', advice: 'reconnect' })
  }
  expect((await request(server, '/api/stats')).body).toMatchObject({
    reports: 0,
    hosts: 0,
    items: 0,
  })
  const ack = await (await server.enter(identity)).report(reports.next(slices, { seal: true }))
  expect(ack).toMatchObject({ acceptedItems: 64, refused: [] })
})

test('a report without slices says nothing, unless it is the last', async () => {
  const server = await testServer()
  await submit(server, '64 16')
  const identity = newIdentity()
  const host = await server.enter(identity)
  const task = await host.ask()
  host.send(new TaskReports(task, identity).next([]))
  expect(await host.expect('close')).toMatchObject({ code: 'malformed_frame' })
  expect((await request(server, '/api/stats')).body.reports).toBe(0)
  const again = await server.enter(identity)
  const sealed = new TaskReports(task, identity).next([], { seal: true })
  expect(await again.report(sealed)).toMatchObject({ acceptedItems: 0 })
})

test('a lease that ended a month ago is no lease any more', async () => {
  let ahead = 0
  const server = await testServer({}, { now: () => Date.now() + ahead })
  await submit(server, '64 16')
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  ahead = 31 * 24 * 3_600_000
  host.send(reports.next(reports.slices()))
  expect(await host.expect('close')).toMatchObject({ code: 'invalid_lease' })
})

test('certificates are checked for what counts, each once, up to the first that fails', async () => {
  const { app, checked } = countingApp()
  const server = await testServer({}, { apps: [app] })
  await submit(server, '96 16')
  const identity = newIdentity()
  const host = await server.enter(identity)
  const reports = new TaskReports(await host.ask(), identity)
  const [a, b, c] = reports.slices()
  if (!a || !b || !c) throw new Error('expected three slices')
  const first = reports.next([a, b], {
    outputs: [
      [0, { item: 0 }],
      [0, { item: 0 }],
      [0, { item: 16 }],
      [1, { item: 33 }],
      [1, { item: 48 }],
    ],
  })
  expect(await host.report(first)).toMatchObject({ refused: [[1, 'bad-output']] })
  expect(checked.splice(0)).toEqual([0, 16, 33])

  await host.report(first)
  expect(checked, 'of a replay').toEqual([])
  const outputs: Report['outputs'] = [[0, { item: 16 }]]
  await host.report(reports.next([a], { outputs }))
  expect(checked, 'of what is done').toEqual([])
  for (const wrong of [
    { seq: 9, slices: [c], outputs: [[0, { item: 64 }]] },
    { seq: 2, slices: [c, [7, 0, 0, c[3]]], outputs: [[0, { item: 64 }]] },
    { seq: 2, slices: [c], outputs: [[0, { item: 64 }]], seal: new Uint8Array(64) },
  ]) {
    const visitor = await server.enter(identity)
    visitor.send({ type: 'report', token: reports.task.token, ...wrong })
    await visitor.expect('close')
  }
  expect(checked, 'of what ends the session').toEqual([])
})

test('a report that names a slice twice ends the session before any certificate is checked', async () => {
  const { app, checked } = countingApp()
  const server = await testServer({}, { apps: [app] })
  await submit(server, '32 16')
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  const [slice] = reports.slices()
  if (!slice) throw new Error('expected a slice')
  host.send(reports.next([slice, slice], { outputs: [[0, { item: 5 }]] }))
  expect(await host.expect('close')).toMatchObject({
    code: 'malformed_frame',
    message: expect.stringContaining('twice'),
  })
  expect(checked).toEqual([])
})

/** The digest app, and the items whose certificates were checked. */
function countingApp(): { app: typeof digestApp; checked: number[] } {
  const checked: number[] = []
  const verifier = async () => {
    const plain = await digestApp.load.verifier()
    return {
      check: (...[input, range, output]: Parameters<typeof plain.check>) => {
        checked.push(output.item)
        return plain.check(input, range, output)
      },
    }
  }
  return { app: { ...digestApp, load: { ...digestApp.load, verifier } }, checked }
}

test('to a host that is gone before its work is claimed, nothing is leased', async () => {
  const inner = openMemoryStore()
  let claiming = () => {}
  const asked = new Promise<void>((resolve) => (claiming = resolve))
  let letGo = () => {}
  const free = new Promise<void>((resolve) => (letGo = resolve))
  const store: Store = {
    ...inner,
    claim: async (wish) => {
      claiming()
      await free
      return inner.claim(wish)
    },
  }
  const server = await testServer({}, { store })
  await submit(server, '64 16')
  const hasty = await server.enter()
  hasty.send({ type: 'ask', speed: 100_000 })
  await asked
  await hasty.leave()
  const connected = async () => (await request(server, '/api/stats')).body.connectedHosts
  await expect.poll(connected, { timeout: 20_000 }).toBe(0)
  letGo()
  const patient = await server.enter()
  expect((await patient.ask()).grants).toMatchObject([{ start: 0, end: 64 }])
})

test('a token that was tampered with, or that belongs to another host, ends the session', async () => {
  const server = await testServer()
  await submit(server, '64 16')
  const owner = await server.enter()
  const task = await owner.ask()
  const thief = await server.enter()
  thief.send(new TaskReports(task, thief.identity).next([]))
  expect(await thief.expect('close')).toMatchObject({ code: 'invalid_lease' })

  const token = task.token.slice()
  token[token.length >> 1] = (token[token.length >> 1] ?? 0) ^ 1
  owner.send(new TaskReports({ ...task, token }, owner.identity).next([]))
  expect(await owner.expect('close')).toMatchObject({ code: 'invalid_lease' })
  expect((await request(server, '/api/stats')).body.reports).toBe(0)
})

test('an output that fails its certificate, or is no output at all, costs its slice and no other', async () => {
  const server = await testServer()
  const batch = await submit(server, '96 16')
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  const slices = reports.slices()
  expect(slices).toHaveLength(3)
  const ack = await host.report(
    reports.next(slices, {
      outputs: [
        [0, { item: 5 }],
        [1, 'a thing'],
        [2, { item: 64 }],
        [2, { item: 64 }],
      ],
    }),
  )
  expect(ack.refused).toEqual([
    [0, 'bad-output'],
    [1, 'bad-output'],
  ])
  expect(ack.acceptedItems).toBe(32)
  const { body } = await request(server, `/api/batches/${batch}/results`)
  expect(body.items).toMatchObject([{ output: { item: 64 } }])
})

test('a wrong seal ends the session and its report does not count', async () => {
  const server = await testServer()
  await submit(server, '64 16')
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  const report = reports.next(reports.slices(), { seal: true })
  host.send({ ...report, outputs: [[0, { item: 0 }]] })
  expect(await host.expect('close')).toMatchObject({ code: 'wrong_signature' })
  expect((await request(server, '/api/stats')).body.items).toBe(0)
})

test('a late report counts while its items are undone, and never twice', async () => {
  let ahead = 0
  const server = await testServer({}, { now: () => Date.now() + ahead })
  await submit(server, '64 16')
  const late = await server.enter()
  const lateReports = new TaskReports(await late.ask(), late.identity)
  const slices = lateReports.slices()
  ahead = 11_000

  const other = await server.enter()
  const task = await expectTask(other)
  const otherReports = new TaskReports(task, other.identity)
  const mine = slices.slice(0, 1)
  expect(await late.report(lateReports.next(mine))).toMatchObject({ refused: [] })
  const ack = await other.report(otherReports.next(otherReports.slices(), { seal: true }))
  expect(ack.refused).toEqual([[0, 'done']])
  const rest = await late.report(lateReports.next(slices.slice(1), { seal: true }))
  expect(rest).toMatchObject({ acceptedItems: 0 })
  expect((await request(server, '/api/stats')).body.items).toBe(64)
})

test('what a host leaves behind is leased again at once', async () => {
  const server = await testServer()
  await submit(server, '64 16')
  const leaving = await server.enter()
  await leaving.ask()
  await leaving.leave()
  const other = await server.enter()
  expect((await other.ask()).grants).toMatchObject([{ start: 0, end: 64 }])
})

test('a task that is released may be leased again at once', async () => {
  const server = await testServer()
  await submit(server, '64 16')
  const host = await server.enter()
  const task = await host.ask()
  host.send({ type: 'release', token: task.token })
  expect((await host.ask()).grants).toMatchObject([{ start: 0, end: 64 }])
})

test('a cancelled batch is leased no more, and reports of it do not count', async () => {
  const server = await testServer()
  const batch = await submit(server, '64 16')
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  const { body } = await request(server, `/api/batches/${batch}/cancel`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SUBMIT_TOKEN}` },
  })
  expect(body.state).toBe('cancelled')
  host.send({ type: 'ask', speed: 1_000 })
  expect(await host.expect('noWork')).toMatchObject({ reason: 'no-batches' })
  const ack = await host.report(reports.next(reports.slices()))
  expect(ack.acceptedItems).toBe(0)
  expect((await request(server, '/api/stats')).body.items).toBe(0)
})

test('a batch of many more workunits than are claimed at once is done to the end', async () => {
  const server = await testServer()
  const batch = await submit(server, '16 16\n'.repeat(700))
  const host = await server.enter()
  for (;;) {
    host.send({ type: 'ask', speed: 1_000_000 })
    const frame = await host.next()
    if (frame?.type !== 'task') {
      expect(frame).toMatchObject({ type: 'noWork', reason: 'no-batches' })
      break
    }
    const reports = new TaskReports(frame, host.identity)
    const slices = reports.slices()
    for (let at = 0; at < slices.length; at += 256) {
      const seal = at + 256 >= slices.length
      const ack = await host.report(reports.next(slices.slice(at, at + 256), { seal }))
      expect(ack.refused).toEqual([])
    }
  }
  const { body } = await request(server, `/api/batches/${batch}`)
  expect(body).toMatchObject({ workunits: 700, finished: 700, itemsFinal: 11_200 })
})

/** Asks until there is work: leases run out by the second. */
async function expectTask(host: TestHost): Promise<Task> {
  for (;;) {
    host.send({ type: 'ask', speed: 100_000 })
    const frame = await host.next()
    if (frame?.type === 'task') return frame
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
