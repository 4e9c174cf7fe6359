import { once } from 'node:events'
import { encode } from '@msgpack/msgpack'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TaskReports, TestHost } from './testHost.ts'
import { request, submit, testServer } from './testServer.ts'

test(
  'a frame that cannot be read ends its session with a reason, and no other',
  { timeout: 30_000 },
  async () => {
    const server = await testServer()
    await submit(server, '640000 16')
    const bystander = await server.enter()
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.jsonValue().map((value) => encode(value)),
      fc
        .record({
          type: fc.constantFrom('ask', 'report', 'release', 'proof', 'hello', 'ack', 'nonsense'),
          token: fc.oneof(fc.uint8Array(), fc.jsonValue()),
          seq: fc.oneof(fc.double(), fc.integer(), fc.string()),
          speed: fc.oneof(fc.constantFrom(-1, Infinity, NaN), fc.string()),
          slices: fc.jsonValue(),
          outputs: fc.jsonValue(),
        })
        .map((value) => encode(value)),
    )
    await fc.assert(
      fc.asyncProperty(hostile, fc.boolean(), async (bytes, entered) => {
        const host = entered ? await server.enter() : new TestHost(server.port)
        if (!entered) await host.opened()
        host.socket.send(bytes)
        const close = await host.expect('close')
        expect(['malformed_frame', 'unexpected_frame', 'invalid_lease']).toContain(close.code)
        expect(close.message).not.toBe('')
        expect(await host.next()).toBeUndefined()
      }),
      { numRuns: 150 },
    )
    const reports = new TaskReports(await bystander.ask(), bystander.identity)
    expect(await bystander.report(reports.next(reports.slices().slice(0, 8)))).toMatchObject({
      refused: [],
    })
  },
)

test('text, outputs nested a thousand deep, and outputs of no slice are malformed', async () => {
  const server = await testServer()
  await submit(server, '640000 16')
  const talker = await server.enter()
  talker.socket.send('hello?')
  expect(await talker.expect('close')).toMatchObject({ code: 'malformed_frame' })

  let deep: unknown = 0
  for (let i = 0; i < 90; i++) deep = [deep]
  for (const outputs of [[[0, deep]], [[5, { item: 0 }]]]) {
    const host = await server.enter()
    const task = await host.ask()
    const reports = new TaskReports(task, host.identity)
    const [slice] = reports.slices()
    host.send({ type: 'report', token: task.token, seq: 0, slices: [slice], outputs })
    expect(await host.expect('close')).toMatchObject({ code: 'malformed_frame' })
  }
  expect((await request(server, '/api/stats')).body.reports).toBe(0)
})

test('a frame that is too long ends its session: with a reason, or cut off when it is far too long', async () => {
  const server = await testServer({ 'max-frame-bytes': '65536' })
  const long = await server.enter()
  long.socket.send(new Uint8Array(70_000))
  expect(await long.expect('close')).toMatchObject({
    code: 'malformed_frame',
    message: expect.stringContaining('65536'),
  })
  const endless = await server.enter()
  endless.socket.send(new Uint8Array(300_000))
  await once(endless.socket, 'close')
  expect(endless.closeStatus).toBe(1009)
  await server.enter()
})

test('a host that sends frames without end is sent away', async () => {
  const server = await testServer({ 'frames-per-second': '5' })
  const host = await server.enter()
  for (let i = 0; i < 40; i++) host.send({ type: 'ask', speed: 1 })
  let frame = await host.next()
  while (frame?.type === 'noWork') frame = await host.next()
  expect(frame).toMatchObject({ type: 'close', code: 'too_many_frames', advice: 'reconnect' })
})

test('an address has so many connections and no more; one that ends makes room', async () => {
  const server = await testServer({ 'max-connections-per-address': '2' })
  const first = await server.enter()
  await server.enter()
  const third = new TestHost(server.port)
  expect(await third.expect('close')).toMatchObject({ code: 'too_many_sessions' })
  await third.next()
  await first.leave()
  await server.enter()
})

test('the coordinator has so many sessions and no more', async () => {
  const server = await testServer({ 'max-sessions': '1' })
  await server.enter()
  const second = new TestHost(server.port)
  expect(await second.expect('close')).toMatchObject({ code: 'too_many_sessions' })
})

test('a connection that does not answer pings is dropped, one that does stays', async () => {
  const server = await testServer({ 'ping-every-ms': '1000' })
  const awake = await server.enter()
  const asleep = await server.enter()
  // It reads nothing any more, so it never sees the ping.
  asleep.socket.pause()
  const connected = async () => (await request(server, '/api/stats')).body.connectedHosts
  await expect.poll(connected, { timeout: 20_000 }).toBe(1)
  awake.send({ type: 'ask', speed: 1 })
  expect(await awake.expect('noWork')).toMatchObject({ reason: 'no-batches' })
  asleep.drop()
})

test('an address may open so many connections and no more: a new one brings no fresh burst of frames', async () => {
  const server = await testServer({ 'connections-per-minute': '2' })
  for (let i = 0; i < 2; i++) await (await server.enter()).leave()
  await expect(server.enter()).rejects.toThrow('429')
})

test('behind a trusted proxy, every client has limits of its own', async () => {
  const flags = { 'connections-per-minute': '1', 'trusted-proxy': 'loopback' }
  const server = await testServer(flags)
  const open = (client: string) =>
    new TestHost(server.port, undefined, { 'x-forwarded-for': `1.1.1.1, ${client}` }).opened()
  await open('198.51.100.1')
  await open('198.51.100.2')
  await open('2001:db8:0:1::1')
  await expect(open('198.51.100.1')).rejects.toThrow('429')
  await expect(open('2001:db8:0:1::2')).rejects.toThrow('429')
})
