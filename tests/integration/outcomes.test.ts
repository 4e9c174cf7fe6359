import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { digestApp } from './digestApp.ts'
import { TaskReports } from './testHost.ts'
import { request, submit, SUBMIT_TOKEN, testServer } from './testServer.ts'
import { STORES } from './testStores.ts'
import { digestFinds, workThrough } from './workThrough.ts'

const headers = { authorization: `Bearer ${SUBMIT_TOKEN}` }

interface Outcome {
  readonly no: number
  readonly workunit: string
  readonly source: string
  readonly line: string | null
}

/** Every outcome, page by page. */
async function outcomesOf(
  server: { port: number },
  batch: string,
  query = 'limit=500',
  asked = {},
) {
  const items: Outcome[] = []
  let after = ''
  for (;;) {
    const path = `/api/batches/${batch}/outcomes?${query}${after}`
    const { status, body } = await request(server, path, { headers: asked })
    expect(status).toBe(200)
    items.push(...body.items)
    if (body.next === null) return items
    after = `&after=${body.next}`
  }
}

test.each(STORES)(
  'every finished workunit has one outcome, in the order of finishing, whatever the page (%s)',
  async (_, flags) => {
    const server = await testServer(await flags())
    const host = await server.enter()
    const lines = Array.from({ length: 60 }, (__, i) => `${1 + (i % 7)} ${1 + (i % 3)} key-${i}`)
    const batch = await submit(server, lines.join('\n'))
    await workThrough(host, digestFinds, { tasks: 1, speed: 1_000 })
    const before = await outcomesOf(server, batch)
    expect(before.length).toBeGreaterThan(0)
    expect(before.length).toBeLessThan(60)
    await workThrough(host, digestFinds)

    const all = await outcomesOf(server, batch, 'limit=7&format=words', headers)
    expect(all.map(({ no }) => no)).toEqual(all.map(({ no }) => no).toSorted((a, b) => a - b))
    expect(all.slice(0, before.length).map(({ no }) => no)).toEqual(before.map(({ no }) => no))
    expect(new Set(all.map(({ source }) => source)).size).toBe(60)
    for (const outcome of all) {
      const line = lines[Number(outcome.source) - 1] ?? ''
      const [items, every, key] = line.split(' ')
      const input = { items: Number(items), every: Number(every) }
      expect(outcome).toMatchObject({
        key,
        input,
        outputs: digestFinds(input, { start: 0, end: input.items }),
        provisional: true,
        verified: false,
      })
      expect(outcome.line).toMatch(new RegExp(`^${items} ${key} .*true [0-9]+$`))
    }
    expect(await outcomesOf(server, batch, 'limit=500&format=words', headers)).toEqual(all)
  },
)

test('keys are shown with the submit token only, in lines too; a wrong token is turned away', async () => {
  const server = await testServer()
  const batch = await submit(server, '4 2 secret')
  await workThrough(await server.enter(), digestFinds)
  const path = `/api/batches/${batch}/outcomes?format=words`
  const open = await request(server, path)
  expect(open.body.items).toMatchObject([{ key: null, outputs: [{ item: 0 }, { item: 2 }] }])
  expect(open.body.items[0].line).toMatch(/^4 - 0 2 true/)
  expect(JSON.stringify(open.body)).not.toContain('secret')
  const trusted = await request(server, path, { headers })
  expect(trusted.body.items).toMatchObject([{ key: 'secret' }])
  expect(trusted.body.items[0].line).toMatch(/^4 secret 0 2 true/)
  const wrong = await request(server, path, { headers: { authorization: 'Bearer wrong' } })
  expect([wrong.status, wrong.body.code]).toEqual([401, 'unauthorized'])
})

test('keys never leave by another way', async () => {
  const server = await testServer()
  const batch = await submit(server, '4 2 secret\n64 2 secret')
  const host = await server.enter()
  const task = await host.ask(1)
  expect(inspect(task, { depth: null })).not.toContain('secret')
  const reports = new TaskReports(task, host.identity)
  await host.report(reports.next(reports.slices().slice(0, 1), { outputs: [[0, { item: 0 }]] }))
  for (const path of ['', '/workunits', '/results', '/outcomes']) {
    const { body } = await request(server, `/api/batches/${batch}${path}`, { headers: {} })
    expect(JSON.stringify(body)).not.toContain('secret')
  }
})

test('without a format there is no line; a name that is no format is answered with those that are', async () => {
  const server = await testServer()
  const batch = await submit(server, '1 1')
  await workThrough(await server.enter())
  const path = `/api/batches/${batch}/outcomes`
  expect((await request(server, path)).body.items).toMatchObject([{ line: null, outputs: [] }])
  for (const name of ['csv', 'toString', '__proto__', 'constructor', '']) {
    const { status, body } = await request(server, `${path}?format=${name}`)
    expect([status, body.code]).toEqual([400, 'invalid_input'])
    expect(body.message).toMatch(/it has words$/)
  }
  const load = { ...digestApp.load, formats: async () => ({}) }
  const bare = await testServer({}, { apps: [{ ...digestApp, load }] })
  const other = await submit(bare, '1 1')
  const { body } = await request(bare, `/api/batches/${other}/outcomes?format=words`)
  expect(body.message).toBe('query.format: digest has no formats')
})

test('of a cancelled batch, what was finished stays and the rest has no outcome', async () => {
  const server = await testServer()
  const batch = await submit(server, '1 1\n2000 1')
  const host = await server.enter()
  await workThrough(host, digestFinds, { tasks: 1, speed: 1 })
  await request(server, `/api/batches/${batch}/cancel`, { method: 'POST', headers })
  expect(await outcomesOf(server, batch)).toMatchObject([{ source: '1', outputs: [{ item: 0 }] }])
  const { body } = await request(server, `/api/batches/${batch}/outcomes?after=7`)
  expect(body).toEqual({ items: [], next: null })
})

test('the cursor of any item reads on from there, of outcomes and of results', async () => {
  const server = await testServer()
  const batch = await submit(server, '8 1\n8 1\n8 1')
  await workThrough(await server.enter(), digestFinds)
  for (const [list, cursor] of [
    ['outcomes', 'no'],
    ['results', 'id'],
  ] as const) {
    const path = `/api/batches/${batch}/${list}`
    const { items } = (await request(server, path)).body
    expect(items.length).toBeGreaterThan(2)
    const { body } = await request(server, `${path}?after=${items[1][cursor]}`)
    expect(body.items).toEqual(items.slice(2))
  }
})

test.each(STORES)('each result says what it was computed on (%s)', async (_, flags) => {
  const server = await testServer(await flags())
  const batch = await submit(server, '3 1\n5 2\n4 9')
  await workThrough(await server.enter(), digestFinds)
  const { items } = (await request(server, `/api/batches/${batch}/results`)).body
  const found = items.map((result: { source: string; input: object; output: object }) => [
    result.source,
    result.input,
    result.output,
  ])
  expect(found).toEqual([
    ['1', { items: 3, every: 1 }, { item: 0 }],
    ['1', { items: 3, every: 1 }, { item: 1 }],
    ['1', { items: 3, every: 1 }, { item: 2 }],
    ['2', { items: 5, every: 2 }, { item: 0 }],
    ['2', { items: 5, every: 2 }, { item: 2 }],
    ['2', { items: 5, every: 2 }, { item: 4 }],
    ['3', { items: 4, every: 9 }, { item: 0 }],
  ])
})

test('what is finished cannot be cancelled, and stays finished', async () => {
  const server = await testServer()
  const id = await submit(server, '4 2')
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  const path = `/api/batches/${id}`
  expect((await request(server, path)).body).toMatchObject({ over: false })
  await host.report(reports.next(reports.slices(), { seal: true }))
  const cancelled = await request(server, `${path}/cancel`, { method: 'POST', headers })
  expect([cancelled.status, cancelled.body.details]).toEqual([409, { batch: id, why: 'finished' }])
  const { body } = await request(server, path)
  expect(body).toMatchObject({ state: 'sealed', over: true, finished: 1 })
})
