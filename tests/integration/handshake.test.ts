import { expect, test } from 'vitest'
import { helloStatement } from '../../src/protocol/statement.ts'
import { newIdentity, TaskReports, TestHost } from './testHost.ts'
import { request, submit, testServer } from './testServer.ts'

test.each(['Ed25519', 'P-256'] as const)(
  'a host with an %s key proves it and is in',
  async (algorithm) => {
    const server = await testServer()
    await submit(server, '64 16')
    const host = await server.enter(newIdentity(algorithm))
    await reportOneSlice(host)
    const { body } = await request(server, '/api/hosts')
    expect(body.items).toMatchObject([{ connected: true, slices: 1 }])
    await host.leave()
  },
)

test('a host is stored with its first report, and a visit without one leaves nothing', async () => {
  const server = await testServer()
  await submit(server, '64 16\n64 16')
  const host = await server.enter()
  await host.ask(1)
  const hosts = async () => (await request(server, '/api/hosts')).body.items
  expect((await request(server, '/api/stats')).body).toMatchObject({ hosts: 0, connectedHosts: 1 })
  expect(await hosts()).toEqual([])
  await reportOneSlice(host)
  expect(await hosts()).toHaveLength(1)
})

test('a host keeps its name and its credit from visit to visit', async () => {
  const server = await testServer()
  await submit(server, '6400 16')
  const identity = newIdentity()
  for (let visit = 1; visit <= 2; visit++) {
    const host = await server.enter(identity)
    await reportOneSlice(host)
    await host.leave()
    const { body } = await request(server, '/api/hosts')
    expect(body.items).toMatchObject([{ slices: visit }])
  }
  const again = new TestHost(server.port, identity)
  await again.opened()
  again.hello()
  const { nonce } = await again.expect('challenge')
  again.send({ type: 'proof', signature: identity.sign(helloStatement(nonce)) })
  const { credit } = await again.expect('welcome')
  expect(credit.final).toBeGreaterThan(0n)
})

test.each(['Ed25519', 'P-256'] as const)(
  'a wrong %s signature ends the session, and nobody is remembered',
  async (algorithm) => {
    const server = await testServer()
    const host = new TestHost(server.port, newIdentity(algorithm))
    await host.opened()
    host.hello()
    const { nonce } = await host.expect('challenge')
    const signature = host.identity.sign(helloStatement(nonce))
    signature[10] = (signature[10] ?? 0) ^ 1
    host.send({ type: 'proof', signature })
    expect(await host.expect('close')).toMatchObject({ code: 'wrong_signature', advice: 'stop' })
    expect(await host.next()).toBeUndefined()
    const { body } = await request(server, '/api/hosts')
    expect(body.items).toEqual([])
  },
)

test('a proof made for another challenge does not pass', async () => {
  const server = await testServer()
  const identity = newIdentity()
  const first = new TestHost(server.port, identity)
  await first.opened()
  first.hello()
  const { nonce } = await first.expect('challenge')
  const second = new TestHost(server.port, identity)
  await second.opened()
  second.hello()
  await second.expect('challenge')
  second.send({ type: 'proof', signature: identity.sign(helloStatement(nonce)) })
  expect(await second.expect('close')).toMatchObject({ code: 'wrong_signature' })
})

test('a host of another protocol version is told to reload, whatever else its hello says', async () => {
  const server = await testServer()
  const host = new TestHost(server.port)
  await host.opened()
  host.send({ type: 'hello', protocol: 99, soul: 'unknown' })
  expect(await host.expect('close')).toMatchObject({ code: 'protocol_version', advice: 'reload' })
})

test('bytes that are no key of their algorithm are refused', async () => {
  const server = await testServer()
  for (const key of [
    { algorithm: 'Ed25519', publicKey: new Uint8Array(31) },
    { algorithm: 'P-256', publicKey: new Uint8Array(65).fill(4) },
  ]) {
    const host = new TestHost(server.port)
    await host.opened()
    host.send({ type: 'hello', protocol: 1, key, apps: [] })
    expect(await host.expect('close')).toMatchObject({ code: 'malformed_frame' })
  }
})

test('asking before proving ends the session', async () => {
  const server = await testServer()
  const host = new TestHost(server.port)
  await host.opened()
  host.hello()
  await host.expect('challenge')
  host.send({ type: 'ask', speed: 1 })
  expect(await host.expect('close')).toMatchObject({ code: 'unexpected_frame' })
})

test('a host that does not prove its key in time is sent away', async () => {
  const server = await testServer({ 'handshake-ms': '100' })
  const host = new TestHost(server.port)
  await host.opened()
  expect(await host.expect('close')).toMatchObject({ code: 'handshake_timeout' })
})

test('of two sessions of one host the newer stays', async () => {
  const server = await testServer()
  await submit(server, '64 16')
  const identity = newIdentity()
  const older = await server.enter(identity)
  const newer = await server.enter(identity)
  expect(await older.expect('close')).toMatchObject({ code: 'replaced', advice: 'stop' })
  expect((await newer.ask()).grants).not.toHaveLength(0)
  const { body } = await request(server, '/api/stats')
  expect(body.connectedHosts).toBe(1)
})

test('a page of another site may not open a session, nor may one under another name', async () => {
  const server = await testServer()
  const refusal = (headers: Record<string, string>) =>
    refusalOf(new TestHost(server.port, newIdentity(), headers))
  expect(await refusal({ origin: 'https://elsewhere.example' })).toBe(403)
  expect(await refusal({ origin: 'null' })).toBe(403)
  expect(await refusal({ host: 'elsewhere.example' })).toBe(421)
  expect(await refusal({ origin: `http://127.0.0.1:${server.port}` })).toBe('open')
})

async function reportOneSlice(host: TestHost): Promise<void> {
  const reports = new TaskReports(await host.ask(), host.identity)
  await host.report(reports.next(reports.slices().slice(0, 1)))
}

test('behind a proxy, pages of the public name come in, and those of any other do not', async () => {
  const server = await testServer({ 'public-name': 'weft.example' })
  const proxied = (headers: Record<string, string>) =>
    refusalOf(new TestHost(server.port, newIdentity(), headers))
  expect(await proxied({ host: 'weft.example', origin: 'https://weft.example' })).toBe('open')
  expect(await proxied({ origin: 'https://weft.example' })).toBe('open')
  expect(await proxied({ host: 'weft.example', origin: 'https://elsewhere.example' })).toBe(403)
  expect(await proxied({ host: 'elsewhere.example' })).toBe(421)
})

test('a loopback address is guarded however it is spelled', async () => {
  const server = await testServer({ host: '127.1' })
  const host = new TestHost(server.port, newIdentity(), { host: 'rebound.example' })
  expect(await refusalOf(host)).toBe(421)
  expect(server.address).toBe(`http://localhost:${server.port}`)
})

/** The HTTP status of a refused upgrade, or `open`. */
function refusalOf(host: TestHost): Promise<unknown> {
  return new Promise((resolve) => {
    host.socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
    host.socket.on('open', () => resolve('open'))
  })
}
