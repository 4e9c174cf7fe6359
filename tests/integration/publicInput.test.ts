import { expect, test } from 'vitest'
import { secretApp, SECRET } from './secretApp.ts'
import { TestHost } from './testHost.ts'
import { request, submit, SUBMIT_TOKEN, testServer } from './testServer.ts'
import { STORES } from './testStores.ts'
import { digestFinds, workThrough } from './workThrough.ts'

const bearer = { authorization: `Bearer ${SUBMIT_TOKEN}` }
const parts = { apps: [secretApp] }

/** Results page by page: their ids, and how many pages were empty. */
async function resultsOf(
  server: { port: number },
  batch: string,
  query: string,
  headers: Record<string, string> = {},
) {
  const items: { readonly id: number; readonly output: { readonly item: number } }[] = []
  let empty = 0
  for (let after = ''; ;) {
    const path = `/api/batches/${batch}/results?${query}${after}`
    const { status, body } = await request(server, path, { headers })
    expect(status).toBe(200)
    items.push(...body.items)
    if (body.items.length === 0) empty++
    if (body.next === null) return { items, empty }
    after = `&after=${body.next}`
  }
}

const PATHS = ['', '/workunits', '/results', '/results?shares=true', '/outcomes?format=words']

test.each(STORES)(
  'what an app keeps for the requester is in no frame and no public reply, and the bearer sees it (%s)',
  async (_, flags) => {
    const server = await testServer(await flags(), parts)
    const batch = await submit(server, `20 2 ${SECRET}-6\n30 3 ${SECRET}-5 key`)
    const host = await TestHost.enter(server.port)
    const frames: Buffer[] = []
    host.socket.on('message', (data: Buffer) => frames.push(data))
    await workThrough(host, digestFinds)
    expect(frames.length).toBeGreaterThan(1)
    for (const frame of frames) expect(frame.includes(SECRET)).toBe(false)

    for (const path of [...PATHS.map((end) => `/api/batches/${batch}${end}`), '/api/batches']) {
      const open = await request(server, path)
      expect(open.status).toBe(200)
      expect(JSON.stringify(open.body)).not.toContain(SECRET)
    }
    for (const path of PATHS.slice(1)) {
      const { body } = await request(server, `/api/batches/${batch}${path}`, { headers: bearer })
      expect(body.items).not.toEqual([])
      for (const { input } of body.items) expect(input.target).toContain(SECRET)
    }
  },
)

test('sentences, descriptions and lines are made from what their reader may see', async () => {
  const server = await testServer({}, parts)
  const batch = await submit(server, `20 2 ${SECRET}-6`)
  await workThrough(await server.enter(), digestFinds)
  const first = async (list: string, headers: Record<string, string> = {}) => {
    const { body } = await request(server, `/api/batches/${batch}/${list}`, { headers })
    return body.items[0]
  }
  expect((await first('workunits')).description).toBe('the numbers below 20, all of them')
  expect((await first('workunits', bearer)).description).toBe(`the numbers below 20, ${SECRET}-6`)
  expect((await first('results')).sentence).toBe('0 for anybody')
  expect((await first('results', bearer)).sentence).toBe(`0 for ${SECRET}-6`)
  const lines = 'outcomes?format=words'
  expect((await first(lines)).line).toBe('[{"items":20,"every":2},0,2,4,6,8,10,12,14,16,18]')
  expect((await first(lines, bearer)).line).toBe(
    `[{"items":20,"every":2,"target":"${SECRET}-6"},0,6,12,18]`,
  )
})

test('with the token results are those that were asked for: whatever the page, nothing is missed and nothing comes twice', async () => {
  const server = await testServer({}, parts)
  const batch = await submit(server, `60 1 ${SECRET}-7\n10 1 ${SECRET}-100\n40 2`)
  await workThrough(await server.enter(), digestFinds)
  const all = (await resultsOf(server, batch, 'limit=500')).items
  expect(all).toHaveLength(60 + 10 + 20)
  expect((await request(server, `/api/batches/${batch}`)).body.results).toBe(all.length)
  const { items: sought } = await resultsOf(server, batch, 'limit=500', bearer)
  expect(sought).toHaveLength(9 + 1 + 20)
  for (const limit of [1, 2, 3, 7, 29, 30, 31, 89, 90, 91]) {
    const { items, empty } = await resultsOf(server, batch, `limit=${limit}`, bearer)
    expect(items).toEqual(sought)
    expect(empty > 0, `${empty} empty pages of ${limit}`).toBe(limit <= 7)
    const shares = await resultsOf(server, batch, `limit=${limit}&shares=true`, bearer)
    expect(shares.items.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
  }
  const open = await resultsOf(server, batch, 'limit=500&shares=false')
  expect(open.items).toEqual(all)
})

test('a wrong token is turned away rather than given less', async () => {
  const server = await testServer({}, parts)
  const batch = await submit(server, `20 2 ${SECRET}-6`)
  for (const list of ['workunits', 'results', 'outcomes']) {
    const path = `/api/batches/${batch}/${list}`
    const { status } = await request(server, path, { headers: { authorization: 'Bearer wrong' } })
    expect(status).toBe(401)
  }
})
