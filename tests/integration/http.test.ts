import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { appIdSchema, type AppId } from '../../src/protocol/ids.ts'
import { parseConfig } from '../../src/server/config.ts'
import { startServer } from '../../src/server/serve.ts'
import { openMemoryStore } from '../../src/server/stores/memory/openMemoryStore.ts'
import { openSqliteStore } from '../../src/server/stores/sqlite/openSqliteStore.ts'
import type { Store } from '../../src/server/stores/store.ts'
import { digestApp } from './digestApp.ts'
import { TaskReports } from './testHost.ts'
import { request, submit, SUBMIT_TOKEN, testDirectory, testServer } from './testServer.ts'
import { misfit, type Schema } from './jsonSchema.ts'

/** What the document says of one route. */
interface Operation {
  readonly summary?: string
  readonly requestBody?: unknown
  readonly responses: Record<number, { content: { 'application/json': { schema: Schema } } }>
}

const authorization = `Bearer ${SUBMIT_TOKEN}`

test('every route of the OpenAPI document answers as the document says', async () => {
  const server = await testServer()
  const batch = await submit(server, '64 16\n64 8')
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  await host.report(reports.next(reports.slices().slice(0, 1), { outputs: [[0, { item: 0 }]] }))
  const { body: hosts } = await request(server, '/api/hosts')

  const { status, body: document } = await request(server, '/api/openapi.json')
  expect(status).toBe(200)
  expect(document.openapi).toMatch(/^3\.1\./)
  const asked: string[] = []
  for (const [path, methods] of Object.entries<Record<string, Operation>>(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const known = path.startsWith('/api/hosts') ? hosts.items[0].id : batch
      const tries = [
        { url: path.replace('{id}', known), body: { app: 'digest', text: '5 5' } },
        { url: path.replace('{id}', 'nothing-such-here-aaaa'), body: { app: 'digest', text: '!' } },
        { url: path.replace('{id}', '!'), body: { text: 7 } },
        { url: `${path.replace('{id}', known)}?limit=no`, body: {}, headers: {} },
        {
          url: path.replace('{id}', known),
          body: { app: 'digest', text: '5 5' },
          headers: { authorization: 'Bearer wrong' },
        },
      ]
      for (const { url, body, headers = { authorization } } of tries) {
        const answer = await request(server, url, {
          method: method.toUpperCase(),
          headers,
          ...(operation.requestBody ? { body } : {}),
        })
        const said = operation.responses[answer.status]
        asked.push(`${method} ${path} ${answer.status}`)
        expect(said, `${method} ${url} answered ${answer.status}`).toBeDefined()
        const schema = said?.content['application/json'].schema
        expect(misfit(schema ?? {}, answer.body), `${method} ${url}`).toBeUndefined()
      }
      expect(operation.summary).toBeTruthy()
    }
  }
  for (const answer of [
    'get /api/health 200',
    'get /api/stats 200',
    'get /api/apps 200',
    'get /api/batches 200',
    'get /api/batches 400',
    'post /api/batches 201',
    'post /api/batches 400',
    'post /api/batches 401',
    'post /api/batches 422',
    'get /api/batches/{id} 404',
    'get /api/batches/{id}/workunits 200',
    'get /api/batches/{id}/results 200',
    'get /api/batches/{id}/outcomes 200',
    'get /api/batches/{id}/outcomes 400',
    'get /api/batches/{id}/outcomes 401',
    'get /api/batches/{id}/outcomes 404',
    'post /api/estimates 200',
    'post /api/estimates 401',
    'post /api/estimates 422',
    'post /api/batches/{id}/cancel 200',
    'post /api/batches/{id}/cancel 401',
    'get /api/hosts/{id} 200',
    'get /api/hosts/{id} 404',
  ]) {
    expect(asked).toContain(answer)
  }
})

test('good lines of a submission become workunits, bad ones are named with a reason', async () => {
  const server = await testServer()
  const { status, body } = await request(server, '/api/batches', {
    method: 'POST',
    headers: { authorization },
    body: { app: 'digest', title: 'mine', text: '64 16\n\nnonsense\n32 4' },
  })
  expect(status).toBe(201)
  expect(body.refused).toEqual([{ line: 3, reason: 'expected two numbers' }])
  expect(body.batch).toMatchObject({ title: 'mine', workunits: 2, items: 96, state: 'sealed' })
  const { body: workunits } = await request(server, `/api/batches/${body.batch.id}/workunits`)
  expect(workunits.items).toMatchObject([
    { source: '1', description: 'the numbers below 64', itemCost: '1000' },
    { source: '4', input: { items: 32, every: 4 } },
  ])
})

test('a title is one line of text: what a store or a terminal would choke on is refused with the reason', async () => {
  const server = await testServer()
  const send = (title: string) =>
    request(server, '/api/batches', {
      method: 'POST',
      headers: { authorization },
      body: { app: 'digest', text: '1 1', title },
    })
  for (const title of ['nul \u0000', 'two\nlines', 'bell\u0007', '\u001b[31mred', 'del\u007f.']) {
    const { status, body } = await send(title)
    expect([status, body.code]).toEqual([400, 'invalid_input'])
    expect(body.message).toBe('body.title: a title is one line of text, without control characters')
  }
  const { body } = await send('  Größe 10²⁰, 数  ')
  expect(body.batch.title).toBe('Größe 10²⁰, 数')
})

test('a submission with no good line makes no batch', async () => {
  const server = await testServer()
  const { status, body } = await request(server, '/api/batches', {
    method: 'POST',
    headers: { authorization },
    body: { app: 'digest', text: 'one\ntwo' },
  })
  expect(status).toBe(422)
  expect(body).toMatchObject({
    code: 'nothing_to_do',
    details: { refused: [{ line: 1 }, { line: 2 }] },
  })
  expect((await request(server, '/api/batches')).body.items).toEqual([])
})

test('a batch that would have too many items, or too much credit, is refused before anything is stored', async () => {
  for (const [itemCount, itemCost, what] of [
    [2 ** 45, 1n, 'items'],
    [2 ** 40, 2n ** 20n, 'credit'],
  ] as const) {
    const app = { ...digestApp, itemCount: () => itemCount, itemCost: () => itemCost }
    const server = await testServer({}, { apps: [app] })
    const { status, body } = await request(server, '/api/batches', {
      method: 'POST',
      headers: { authorization },
      body: { app: 'digest', text: '1 1\n'.repeat(300) },
    })
    expect([status, body.code, body.details.what]).toEqual([422, 'batch_too_large', what])
    expect((await request(server, '/api/batches')).body.items).toEqual([])
  }
})

test('a submission that fails midway is cancelled', async () => {
  const inner = openMemoryStore()
  const store: Store = {
    ...inner,
    addWorkunits: async (batch, from, workunits) => {
      if (from > 0) throw new Error('database or disk is full')
      return inner.addWorkunits(batch, from, workunits)
    },
  }
  const server = await testServer({}, { store })
  const { status } = await request(server, '/api/batches', {
    method: 'POST',
    headers: { authorization },
    body: { app: 'digest', text: '1 1\n'.repeat(600) },
  })
  expect(status).toBe(500)
  const { body } = await request(server, '/api/batches')
  expect(body.items).toMatchObject([{ state: 'cancelled', workunits: 500 }])
})

test('work that the coordinator makes itself cannot be cancelled', async () => {
  const server = await testServer({ seed: 'on' })
  for (const id of ['practice-digest-1', 'frontier-digest-1']) {
    const cancelled = await request(server, `/api/batches/${id}/cancel`, {
      method: 'POST',
      headers: { authorization },
    })
    expect([cancelled.status, cancelled.body.code]).toEqual([409, 'not_cancellable'])
    expect((await request(server, `/api/batches/${id}`)).body.state).toBe('open')
  }
})

test('inputs are parsed when they come in, and not again when they are read or reported on', async () => {
  let parsed = 0
  const inputSchema = v.pipe(
    digestApp.inputSchema,
    v.check(() => ++parsed > 0),
  )
  const server = await testServer({}, { apps: [{ ...digestApp, inputSchema }] })
  const batch = await submit(server, '64 16\n64 8')
  expect(parsed).toBe(2)
  const host = await server.enter()
  const reports = new TaskReports(await host.ask(), host.identity)
  await host.report(reports.next(reports.slices().slice(0, 1), { outputs: [[0, { item: 0 }]] }))
  for (const list of ['workunits', 'results']) {
    const { body } = await request(server, `/api/batches/${batch}/${list}`)
    expect(body.items).not.toEqual([])
  }
  expect(parsed).toBe(2)
})

test('who has no token, or a wrong one, submits nothing', async () => {
  const server = await testServer()
  const wrong: Record<string, string>[] = [
    {},
    { authorization: 'Bearer wrong' },
    { authorization: SUBMIT_TOKEN },
  ]
  for (const headers of wrong) {
    const { status, body } = await request(server, '/api/batches', {
      method: 'POST',
      headers,
      body: { app: 'digest', text: '1 1' },
    })
    expect([status, body.code]).toEqual([401, 'unauthorized'])
  }
})

test('errors have one form, whoever raises them', async () => {
  const server = await testServer()
  const raw = (path: string, init: RequestInit) =>
    fetch(`http://127.0.0.1:${server.port}${path}`, init)
  const json = { authorization, 'content-type': 'application/json' }
  for (const [answer, status] of [
    [await raw('/nothing', {}), 404],
    [await raw('/api/batches/practice-digest-1', {}), 404],
    [await raw('/api/batches', { method: 'POST', headers: json, body: '{' }), 400],
    [
      await raw('/api/batches', {
        method: 'POST',
        headers: json,
        body: `"${'x'.repeat(2 ** 21)}"`,
      }),
      413,
    ],
    [
      await raw('/api/batches', {
        method: 'POST',
        headers: { ...json, 'content-type': 'text/plain' },
        body: '1 1',
      }),
      415,
    ],
    [await raw('/api/batches/UPPER', {}), 400],
    [await raw('/kernels/nothing.wasm', {}), 404],
  ] as const) {
    expect(answer.status).toBe(status)
    const body = (await answer.json()) as { message: string }
    expect(Object.keys(body).toSorted()).toEqual(['code', 'details', 'message'])
    expect(body.message).not.toBe('')
  }
})

test('lists are paged to the end, each thing once', async () => {
  const server = await testServer()
  for (let i = 0; i < 5; i++) await submit(server, `${i + 1} 16\n${i + 1} 8\n1 1`)
  for (let i = 0; i < 5; i++) {
    const host = await server.enter()
    const reports = new TaskReports(await host.ask(1), host.identity)
    await host.report(reports.next(reports.slices().slice(0, 1)))
  }
  const [newest] = (await request(server, '/api/batches')).body.items
  for (const [path, count] of [
    ['/api/batches', 5],
    ['/api/hosts', 5],
    [`/api/batches/${newest.id}/workunits`, 3],
  ] as const) {
    const ids: string[] = []
    let after: string | null = null
    do {
      const query: string = after === null ? '' : `&after=${encodeURIComponent(after)}`
      const { body } = await request(server, `${path}?limit=2${query}`)
      ids.push(...body.items.map((item: { id: string }) => item.id))
      after = body.next
    } while (after !== null)
    expect(new Set(ids).size).toBe(count)
    expect(ids).toHaveLength(count)
  }
})

test('a page under another name than this machine reads nothing', async () => {
  const server = await testServer()
  const { status, body } = await request(server, '/api/stats')
  expect([status, body.verified]).toEqual([200, false])
  const { request: ask } = await import('node:http')
  const answer = await new Promise<number | undefined>((resolve) => {
    ask(
      { port: server.port, path: '/api/stats', headers: { host: 'rebound.example' } },
      (response) => {
        response.resume()
        resolve(response.statusCode)
      },
    ).end()
  })
  expect(answer).toBe(421)
})

test('the site, its headers, and what is cached for ever', async () => {
  const siteDir = await testDirectory()
  const kernelsDir = await testDirectory()
  await mkdir(join(siteDir, 'assets'))
  await writeFile(join(siteDir, 'index.html'), '<!doctype html><title>hello</title>')
  await writeFile(join(siteDir, 'assets/main-abc.js'), 'export {}')
  const hash = 'a'.repeat(64)
  await writeFile(join(kernelsDir, `${hash}.wasm`), new Uint8Array([0, 97, 115, 109]))
  const server = await testServer({}, { siteDir, kernelsDir })
  const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`)

  const page = await get('/')
  expect(await page.text()).toContain('hello')
  expect(page.headers.get('cache-control')).toBe('no-cache')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await get('/assets/main-abc.js')).headers.get('cache-control')).toContain('immutable')
  const kernel = await get(`/kernels/${hash}.wasm`)
  expect(kernel.headers.get('content-type')).toBe('application/wasm')
  expect(kernel.headers.get('cache-control')).toContain('immutable')
  expect((await kernel.bytes()).length).toBe(4)
  for (const path of [
    '/..%2f..%2fetc/passwd',
    '/%2e%2e/package.json',
    '/kernels/..%2f..%2fpackage.json',
  ]) {
    expect((await get(path)).status).toBeGreaterThanOrEqual(400)
  }
})

test('without a built site the first page says how to build it', async () => {
  const server = await testServer()
  const page = await fetch(`http://127.0.0.1:${server.port}/`)
  expect(await page.text()).toContain('npm run build')
})

test('a submit token is made once, kept for its owner alone, and lets in', async () => {
  const dataDir = await testDirectory()
  const config = parseConfig(
    {},
    { port: '0', store: 'memory', seed: 'off', 'log-level': 'silent', 'data-dir': dataDir },
  )
  const first = await startServer(config, { siteDir: '/nowhere' })
  await first.stop()
  const second = await startServer(config, { siteDir: '/nowhere' })
  await second.stop()
  expect(second.submitToken).toBe(first.submitToken)
  const path = join(dataDir, 'submit-token')
  expect((await readFile(path, 'utf8')).trim()).toBe(first.submitToken)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('a port that is in use is a clear error, and nothing is left behind', async () => {
  const server = await testServer()
  const dataDir = await testDirectory()
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  const config = parseConfig(
    {},
    {
      port: String(server.port),
      'data-dir': dataDir,
      seed: 'off',
      'log-level': 'silent',
      'submit-token': SUBMIT_TOKEN,
    },
  )
  for (let i = 0; i < 3; i++) {
    await expect(startServer(config)).rejects.toMatchObject({ code: 'port_in_use' })
  }
  expect(timers()).toBeLessThanOrEqual(before)
  // Nobody holds its lock.
  await openSqliteStore(join(dataDir, 'weft.sqlite')).close()
})

test('an address of another machine is a clear error, not a stack', async () => {
  // 192.0.2.0/24 is set aside for documents (RFC 5737): no machine has it.
  const config = parseConfig({}, { host: '192.0.2.1', port: '0', store: 'memory', seed: 'off' })
  await expect(startServer(config)).rejects.toMatchObject({
    code: 'cannot_listen',
    details: { host: '192.0.2.1', reason: 'EADDRNOTAVAIL' },
  })
})

test('a data folder that is a file is a clear error, not a stack', async () => {
  const file = join(await testDirectory(), 'a-file')
  await writeFile(file, '')
  const config = parseConfig({}, { port: '0', 'data-dir': file, seed: 'off' })
  await expect(startServer(config)).rejects.toMatchObject({
    code: 'data_folder',
    details: { folder: file },
  })
})

test('seeds of every app make work without end: what is done is replaced, also after a restart', async () => {
  const [other, plain] = ['other', 'plain'].map((id) => v.parse(appIdSchema, id)) as [AppId, AppId]
  const withoutFrontier = {
    ...digestApp,
    id: plain,
    load: { ...digestApp.load, generator: practiceOnly },
  }
  const flags = { seed: 'on', store: 'sqlite', 'data-dir': await testDirectory() }
  const parts = { apps: [digestApp, { ...digestApp, id: other }, withoutFrontier] }
  const before = await testServer(flags, parts)
  const { body } = await request(before, '/api/batches')
  expect(body.items.map((batch: { id: string }) => batch.id).toSorted()).toEqual([
    'frontier-digest-1',
    'frontier-other-1',
    'practice-digest-1',
    'practice-other-1',
    'practice-plain-1',
  ])
  const host = await before.enter()
  const task = await host.ask()
  expect(task.workunits[0]?.kind).toBe('practice')
  const reports = new TaskReports(task, host.identity)
  await host.report(reports.next(reports.slices(), { seal: true }))
  const undone = async (port: number, app = 'digest') => {
    const { body: batch } = await request({ port }, `/api/batches/practice-${app}-1`)
    return batch.workunits - batch.finished
  }
  await expect.poll(() => undone(before.port), { timeout: 20_000 }).toBe(256)
  await expect.poll(() => undone(before.port, other), { timeout: 20_000 }).toBe(256)
  await before.stop()
  const after = await testServer(flags, parts)
  expect(await undone(after.port)).toBe(256)
})

async function practiceOnly() {
  const generator = await digestApp.load.generator()
  return { ...generator, seeds: { practice: generator.seeds.practice } }
}
