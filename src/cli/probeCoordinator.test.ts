import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { PROTOCOL_VERSION } from '../protocol/version.ts'
import { probeCoordinator, type Probe } from './probeCoordinator.ts'

async function probe(answer: RequestListener): Promise<Probe> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo
  return probeCoordinator(new URL(`http://127.0.0.1:${port}`))
}

const saying =
  (status: number, body: object | string, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))

test('a coordinator of this protocol is one', async () => {
  const health = { status: 'ok', protocol: PROTOCOL_VERSION, more: 1 }
  expect(await probe(saying(200, health))).toEqual({ status: 'coordinator' })
})

test('what may become a coordinator again is unreachable: nobody there, a proxy alone, a crowd', async () => {
  expect(await probe((request) => void request.destroy())).toMatchObject({ status: 'unreachable' })
  expect(await probe(saying(502, 'Bad gateway'))).toMatchObject({
    status: 'unreachable',
    why: expect.stringContaining('502'),
  })
  expect(await probe(saying(429, ''))).toMatchObject({ status: 'unreachable' })
})

test.each([
  [saying(200, '<p>Welcome'), 'HTTP status 200'],
  [saying(404, '<p>nothing'), 'HTTP status 404'],
  [saying(200, { status: 'ok' }), 'HTTP status 200'],
  [saying(301, '', { location: 'https://weft.example/' }), 'https://weft.example/'],
  [saying(421, { message: 'Not under this name.' }), '421: “Not under this name”'],
  [saying(200, { status: 'ok', protocol: PROTOCOL_VERSION + 1 }), 'update the older one'],
])(
  'what will not become one by itself is wrong, with the reason (%#)',
  async (answer, expected) => {
    expect(await probe(answer)).toEqual({ status: 'wrong', why: expect.stringContaining(expected) })
  },
)
