import { expect, test } from 'vitest'
import type { Task } from '../../src/protocol/messages.ts'
import { TaskReports, type TestHost } from './testHost.ts'
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

test('slices count once: what another report did is refused, and so is what was never leased', async () => {
  const server = await testServer()
  await submit(server, '64 16')
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  const [slice = [0, 0, 0, new Uint8Array(8)] as const] = reports.slices()
  const [grant, start, log2, digest] = slice
  await host.report(reports.next([[grant, start, log2, digest]]))
  const ack = await host.report(
    reports.next([
      [grant, start, log2, digest],
      [grant, 1_024, log2, digest],
      [grant + 7, start, log2, digest],
      [grant, start + 1, log2, digest],
    ]),
  )
  expect(ack).toMatchObject({ acceptedItems: 0, credit: 0n })
  expect(ack.refused).toEqual([
    [0, 'done'],
    [1, 'not-leased'],
    [2, 'not-leased'],
    [3, 'not-leased'],
  ])
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
      const ack = await host.report(reports.next(slices.slice(at, at + 256)))
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
