import { expect, test } from 'vitest'
import { request, SUBMIT_TOKEN, testServer } from './testServer.ts'
import { STORES } from './testStores.ts'
import { workThrough } from './workThrough.ts'

const headers = { authorization: `Bearer ${SUBMIT_TOKEN}` }
type Server = Awaited<ReturnType<typeof testServer>>

function send(server: Server, path: string, lines: number) {
  const body = { app: 'digest', text: '1 1\n'.repeat(lines) }
  return request(server, path, { method: 'POST', headers, body })
}

test.each(STORES)(
  'what is finished or cancelled makes room; until then the next batch is refused and nothing of it stored (%s)',
  async (_, flags) => {
    const server = await testServer({ ...(await flags()), 'quota-workunits': '10' })
    const first = await send(server, '/api/batches', 6)
    expect(first.status).toBe(201)
    const refused = await send(server, '/api/batches', 5)
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({
      code: 'quota_exceeded',
      details: { what: 'workunits', limit: 10, unfinished: 6, asked: 5 },
    })
    expect(refused.body.message).toMatch(/Wait .* or cancel/)
    expect((await request(server, '/api/batches')).body.items).toHaveLength(1)
    const cancel = `/api/batches/${first.body.batch.id}/cancel`
    await request(server, cancel, { method: 'POST', headers })
    expect((await send(server, '/api/batches', 10)).status).toBe(201)
    expect((await send(server, '/api/batches', 1)).status).toBe(429)
    await workThrough(await server.enter())
    expect((await send(server, '/api/batches', 10)).status).toBe(201)
  },
)

test('batches are counted beside workunits', async () => {
  const server = await testServer({ 'quota-batches': '2' })
  expect((await send(server, '/api/batches', 1)).status).toBe(201)
  expect((await send(server, '/api/batches', 1)).status).toBe(201)
  const { body } = await send(server, '/api/batches', 1)
  expect(body.details).toEqual({ what: 'batches', limit: 2, unfinished: 2, asked: 1 })
})

test('a batch that never has room is told to be smaller', async () => {
  const server = await testServer({ 'quota-workunits': '3' })
  expect((await send(server, '/api/batches', 4)).body.message).toMatch(/Submit fewer at once/)
})

test.each(STORES)(
  'submissions at the same moment do not slip under it together (%s)',
  async (_, flags) => {
    const server = await testServer({
      ...(await flags()),
      'quota-batches': '5',
      'quota-workunits': '2500',
    })
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => send(server, '/api/batches', 600)),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(4)
    expect(statuses.filter((status) => status === 429)).toHaveLength(8)
  },
)

test('a submission that fails takes no room', async () => {
  const server = await testServer({ 'quota-batches': '1' })
  const body = { app: 'digest', text: 'nonsense' }
  for (let i = 0; i < 3; i++) {
    const { status } = await request(server, '/api/batches', { method: 'POST', headers, body })
    expect(status).toBe(422)
  }
  expect((await send(server, '/api/batches', 1)).status).toBe(201)
})

test('what the coordinator makes for itself is no part of it', async () => {
  const server = await testServer({ seed: 'on', 'quota-batches': '1', 'quota-workunits': '1' })
  expect((await send(server, '/api/batches', 1)).status).toBe(201)
})
