import { expect, test } from 'vitest'
import { digestApp } from './digestApp.ts'
import { request, submit, SUBMIT_TOKEN, testServer } from './testServer.ts'
import { STORES } from './testStores.ts'
import { workThrough } from './workThrough.ts'

const headers = { authorization: `Bearer ${SUBMIT_TOKEN}` }

function ask(server: { port: number }, text: string, path = '/api/estimates') {
  return request(server, path, { method: 'POST', headers, body: { app: 'digest', text } })
}

test.each(STORES)(
  'an estimate counts the lines and what is ahead, and stores nothing (%s)',
  async (_, flags) => {
    const server = await testServer(await flags())
    await submit(server, '100 1\n50 1')
    await workThrough(await server.enter(), () => [], { tasks: 1, speed: 1 })
    const { status, body } = await ask(server, '64 16\nnonsense\n32 4\n')
    expect(status).toBe(200)
    const done = Number((await request(server, '/api/stats')).body.items)
    expect(done).toBeGreaterThan(0)
    expect(body).toEqual({
      workunits: 2,
      items: 96,
      credit: '96000',
      refused: [{ line: 2, reason: 'expected two numbers' }],
      refusedCount: 1,
      withinQuota: true,
      ahead: { workunits: 2, credit: String((150 - done) * 1_000) },
      creditPerSecond: null,
      seconds: null,
      secondsWithAhead: null,
      price: null,
    })
    expect((await request(server, '/api/batches')).body.items).toHaveLength(1)
  },
)

test('an estimate fails as the submission would', async () => {
  const server = await testServer()
  for (const text of ['nonsense\n', '']) {
    const estimate = await ask(server, text)
    expect(estimate).toMatchObject({ status: 422, body: { code: 'nothing_to_do' } })
    expect(estimate.body).toEqual((await ask(server, text, '/api/batches')).body)
  }
  const large = await testServer({}, { apps: [{ ...digestApp, itemCount: () => 2 ** 52 }] })
  const estimate = await ask(large, '1 1\n1 1')
  expect([estimate.status, estimate.body.code]).toEqual([422, 'batch_too_large'])
  const body = { app: 'digest', text: '1 1' }
  const stranger = await request(server, '/api/estimates', { method: 'POST', body })
  expect(stranger.status).toBe(401)
})

test('it says beforehand whether the quota has room', async () => {
  const server = await testServer({ 'quota-workunits': '3' })
  await submit(server, '1 1\n1 1')
  expect((await ask(server, '1 1')).body.withinQuota).toBe(true)
  expect((await ask(server, '1 1\n1 1')).body.withinQuota).toBe(false)
})

test('times follow from the rate that is measured here', async () => {
  const server = await testServer()
  await submit(server, '900 1')
  const host = await server.enter()
  await workThrough(host)
  const rate = async () => (await request(server, '/api/stats')).body.creditPerSecond
  await expect.poll(rate, { timeout: 20_000 }).toBeGreaterThan(0)
  await submit(server, '100 1')
  const { body } = await ask(server, '300 1')
  expect(body.creditPerSecond).toBeGreaterThan(0)
  expect(body.seconds).toBeCloseTo(300_000 / body.creditPerSecond)
  expect(body.secondsWithAhead).toBeCloseTo(400_000 / body.creditPerSecond)
})

test('refused lines are counted to the last and listed to the thousandth', async () => {
  const server = await testServer()
  const text = `64 16\n${'x\n'.repeat(300_000)}`
  for (const path of ['/api/estimates', '/api/batches']) {
    const { body } = await ask(server, text, path)
    expect([body.refused.length, body.refusedCount]).toEqual([1_000, 300_000])
  }
  const { body } = await ask(server, 'x\n'.repeat(5_000))
  expect(body.details).toMatchObject({ refusedCount: 5_000 })
  expect(body.details.refused).toHaveLength(1_000)
})
