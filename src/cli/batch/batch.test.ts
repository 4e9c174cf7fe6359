import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  request,
  submit,
  SUBMIT_TOKEN,
  testDirectory,
  testServer,
} from '../../../tests/integration/testServer.ts'
import { digestFinds, workThrough } from '../../../tests/integration/workThrough.ts'
import { runWeft, type Ended } from '../testing/runWeft.ts'

type Server = Awaited<ReturnType<typeof testServer>>
type Options = NonNullable<Parameters<typeof runWeft>[1]>

const env = { WEFT_SUBMIT_TOKEN: SUBMIT_TOKEN }

/** `weft batch ...` on a server of the test, with the token. */
function batch(server: Server, args: readonly string[], options: Options = {}): Promise<Ended> {
  return runWeft(['batch', ...args], {
    ...options,
    env: { ...env, WEFT_SERVER: server.address, ...options.env },
  })
}

async function fileOf(text: string): Promise<string> {
  const path = join(await testDirectory(), 'work.txt')
  await writeFile(path, text)
  return path
}

/** Something that is no coordinator, or one that answers in its own way. */
async function impostor(status: number, headers: Record<string, string>, body: string) {
  const server = createServer((_, response) => response.writeHead(status, headers).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const lines = (text: string) => text.split('\n').filter(Boolean)
const cells = (text: string) => lines(text).map((line) => line.split('\t'))

test('a file is submitted: what became of it on standard output, words about it beside', async () => {
  const server = await testServer()
  const path = await fileOf('64 16\nnonsense\n32 4\n')
  const args = ['submit', path, '--app', 'digest', '--title', 'mine', '--epsilon', '0.25']
  const { code, stdout, stderr } = await batch(server, args)
  expect(code).toBe(0)
  const { items } = (await request(server, '/api/batches')).body
  expect(items).toMatchObject([{ title: 'mine', epsilon: 0.25, workunits: 2 }])
  const { id } = items[0]
  expect(cells(stdout)).toEqual([
    ['Batch', id],
    ['Workunits', '2'],
    ['Items', '96'],
    ['Credit', '96000'],
    ['Left out', '1'],
  ])
  expect(stderr).toContain('Line 2 was left out: expected two numbers\n')
  expect(stderr).toContain(`weft batch status ${id} --watch --server ${server.address}\n`)
})

test('standard input is as good as a file, and --json is one document', async () => {
  const server = await testServer()
  const args = ['submit', '-', '--app', 'digest', '--json']
  const { code, stdout } = await batch(server, args, { input: '64 16 key\nnonsense\n' })
  expect(code).toBe(0)
  expect(lines(stdout)).toHaveLength(1)
  expect(JSON.parse(stdout)).toMatchObject({
    batch: { workunits: 1, epsilon: 0.001 },
    refused: [{ line: 2 }],
    refusedCount: 1,
  })
})

test('an estimate says what it would take, and submits nothing', async () => {
  const server = await testServer()
  const path = await fileOf('64 16\nnonsense\n')
  const { code, stdout, stderr } = await batch(server, ['estimate', path, '--app', 'digest'])
  expect(code).toBe(0)
  expect(cells(stdout)).toContainEqual(['Credit', '64000'])
  expect(cells(stdout)).toContainEqual(['Quota', 'there is room'])
  expect(stderr).toContain('Line 2 was left out')
  const json = await batch(server, ['estimate', path, '--app', 'digest', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ workunits: 1, price: null })
  expect((await request(server, '/api/batches')).body.items).toEqual([])
})

test('list, status and cancel show what the API says', async () => {
  const server = await testServer()
  const first = await submit(server, '64 16')
  const second = await submit(server, '64 16\n64 16')
  await workThrough(await server.enter(), digestFinds)
  const third = await submit(server, '1 1')
  const list = await batch(server, ['list'])
  expect(cells(list.stdout).map((row) => row.slice(0, 5))).toEqual([
    [third, 'running', '0 %', '1', '0'],
    [second, 'finished', '100 %', '2', '8'],
    [first, 'finished', '100 %', '1', '4'],
  ])
  const cancelled = await batch(server, ['cancel', third])
  expect(cells(cancelled.stdout)).toContainEqual(['State', 'cancelled'])
  const listed = await batch(server, ['list', '--json'])
  expect(JSON.parse(listed.stdout)).toEqual((await request(server, '/api/batches')).body.items)
  const shown = await batch(server, ['status', second, '--json'])
  expect(JSON.parse(shown.stdout)).toEqual((await request(server, `/api/batches/${second}`)).body)
  const status = await batch(server, ['status', second])
  expect(cells(status.stdout)).toContainEqual(['Items', '128 of 128'])
})

test('results are lines of JSON, one for each find, with all that is needed to use them', async () => {
  const server = await testServer()
  const id = await submit(server, '3 1 secret\n5 2\n7 9')
  await workThrough(await server.enter(), digestFinds)
  const { code, stdout, stderr } = await batch(server, ['results', id])
  expect([code, stderr]).toEqual([0, ''])
  const found = lines(stdout).map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(found).toHaveLength(7)
  expect(found[4]).toMatchObject({
    batch: id,
    workunit: `${id}.1`,
    source: '2',
    input: { items: 5, every: 2 },
    output: { item: 2 },
    sentence: '2 is divisible by 2',
    state: 'final',
  })
  expect(stdout).not.toContain('secret')
})

test('in a format there is one line for each finished workunit; without the token keys are missing, and that is said', async () => {
  const server = await testServer()
  const id = await submit(server, '3 1 secret\n5 9\n7 9 other')
  await workThrough(await server.enter(), digestFinds)
  const trusted = await batch(server, ['results', id, '--format', 'words'])
  expect(trusted.stderr).toBe('')
  expect(lines(trusted.stdout).map((line) => line.replace(/ [0-9]+$/, ''))).toEqual([
    '3 secret 0 1 2 true',
    '5 - 0 true',
    '7 other 0 true',
  ])
  const stranger = { WEFT_SUBMIT_TOKEN: '', WEFT_DATA_DIR: '/nowhere' }
  const { code, stdout, stderr } = await batch(server, ['results', id, '--format', 'words'], {
    env: stranger,
  })
  expect(code).toBe(0)
  expect(lines(stdout)).toHaveLength(3)
  expect(stdout).not.toMatch(/secret|other/)
  expect(stderr).toMatch(/^Without the submit token .*--token.*\n$/)
  const wrong = await batch(server, ['results', id, '--format', 'nothing'])
  expect([wrong.code, wrong.stdout]).toEqual([3, ''])
  expect(wrong.stderr).toMatch(/it has words$/m)
})

test('following gives each line once, as it comes, and ends with the batch', async () => {
  const server = await testServer()
  const id = await submit(server, '40 1\n'.repeat(30))
  const host = await server.enter()
  await workThrough(host, digestFinds, { tasks: 1, speed: 10_000 })
  const begun = Promise.withResolvers<void>()
  const following = batch(server, ['results', id, '--follow'], { act: () => begun.resolve() })
  await begun.promise
  await workThrough(host, digestFinds, { speed: 10_000 })
  const { code, stdout, stderr } = await following
  expect([code, stderr]).toEqual([0, ''])
  expect(idsOf(stdout)).toEqual(await storedIds(server, id))
})

test('following lives through a restart of the coordinator', async () => {
  const flags = { store: 'sqlite', 'data-dir': await testDirectory() }
  const before = await testServer(flags)
  const id = await submit(before, '40 1\n'.repeat(30))
  await workThrough(await before.enter(), digestFinds, { tasks: 1, speed: 10_000 })
  const begun = Promise.withResolvers<void>()
  const waits = Promise.withResolvers<void>()
  const following = batch(before, ['results', id, '--follow'], {
    act: ({ stdout, stderr }) => {
      if (stdout !== '') begun.resolve()
      if (stderr !== '') waits.resolve()
    },
  })
  await begun.promise
  await before.stop()
  await waits.promise
  const after = await testServer({ ...flags, port: String(before.port) })
  await workThrough(await after.enter(), digestFinds)
  const { code, stdout, stderr } = await following
  expect(code).toBe(0)
  expect(lines(stderr)).toHaveLength(2)
  expect(stderr).toMatch(
    /does not answer .* Trying again for 120 s\.\nThe coordinator answers again\.\n$/,
  )
  expect(idsOf(stdout)).toEqual(await storedIds(after, id))
})

const idsOf = (stdout: string) =>
  lines(stdout).map((line) => (JSON.parse(line) as { id: number }).id)

/** Of every result that there is, in their order. */
async function storedIds(server: Server, id: string): Promise<number[]> {
  const ids: number[] = []
  for (let after = ''; ;) {
    const { body } = await request(server, `/api/batches/${id}/results?limit=500${after}`)
    ids.push(...body.items.map((result: { id: number }) => result.id))
    if (body.next === null) break
    after = `&after=${body.next}`
  }
  expect(ids).toHaveLength(1_200)
  return ids
}

test('a reader that closes the pipe ends it quietly', async () => {
  const server = await testServer()
  const id = await submit(server, '40 1\n'.repeat(100))
  await workThrough(await server.enter(), digestFinds)
  const { code, stderr } = await batch(server, ['results', id, '--follow'], {
    act: (_, weft) => weft.stopReading(),
  })
  expect([code, stderr]).toEqual([141, ''])
})

test('watching shows progress and every find until the batch is done', async () => {
  const server = await testServer()
  const path = await fileOf('40 10\n30 10\n')
  const begun = Promise.withResolvers<void>()
  const watching = batch(server, ['submit', path, '--app', 'digest', '--watch'], {
    act: ({ stderr }) => stderr.includes('%') && begun.resolve(),
  })
  await begun.promise
  await workThrough(await server.enter(), digestFinds)
  const { code, stdout, stderr } = await watching
  expect(code).toBe(0)
  expect(lines(stdout).filter((line) => line.endsWith('is divisible by 10'))).toHaveLength(7)
  expect(stderr).toContain('100 %  2 of 2 workunits, 7 found')
  expect(stderr).toContain('The batch is finished.')
})

test('in JSON, watching is one line for each find and each change', async () => {
  const server = await testServer()
  const id = await submit(server, '40 10')
  await workThrough(await server.enter(), digestFinds)
  const { stdout } = await batch(server, ['status', id, '--watch', '--json'])
  const said = lines(stdout).map((line) => JSON.parse(line) as Record<string, { output?: object }>)
  const found = said.flatMap(({ result }) => (result ? [result.output] : []))
  expect(found).toEqual([{ item: 0 }, { item: 10 }, { item: 20 }, { item: 30 }])
  expect(said.filter((line) => line['batch'])).toHaveLength(1)
})

test('who stops watching leaves the batch running, and is told how to look again', async () => {
  const server = await testServer()
  const path = await fileOf('64 16\n')
  let sent = false
  const args = ['submit', path, '--app', 'digest', '--watch', '--server', server.address]
  const { code, stderr } = await batch(server, args, {
    act: ({ stderr: said }, weft) => {
      if (sent || !said.includes('%')) return
      sent = true
      weft.kill('SIGINT')
    },
  })
  expect(code).toBe(130)
  const [{ id, state }] = (await request(server, '/api/batches')).body.items
  expect(state).toBe('sealed')
  expect(stderr).toContain(`Batch ${id} goes on.`)
  expect(stderr).toContain(`weft batch status ${id} --watch --server ${server.address}\n`)
  expect(stderr).toContain(`weft batch cancel ${id} --server ${server.address}\n`)
})

test('the token is found in the option, the variable, or the data folder of this machine', async () => {
  const server = await testServer()
  const dataDir = await testDirectory()
  const path = await fileOf('1 1')
  const send = (args: readonly string[], variables: Record<string, string>) =>
    batch(server, ['submit', path, '--app', 'digest', ...args], {
      env: { WEFT_SUBMIT_TOKEN: '', ...variables },
      cwd: dataDir,
    })
  const none = await send([], {})
  expect(none.code).toBe(3)
  expect(none.stderr).toMatch(/^This needs the submit token\. .*submit-token.*--token.*\n$/)
  const wrong = await send(['--token', 'wrong'], { WEFT_SUBMIT_TOKEN: SUBMIT_TOKEN })
  expect(wrong.code).toBe(3)
  expect(wrong.stderr).toMatch(
    /^The submit token of --token or WEFT_SUBMIT_TOKEN is not this coordinator's\./,
  )
  expect((await send(['--token', SUBMIT_TOKEN], { WEFT_SUBMIT_TOKEN: 'wrong' })).code).toBe(0)
  await writeFile(join(dataDir, 'submit-token'), `${SUBMIT_TOKEN}\n`)
  expect((await send(['--data-dir', dataDir], {})).code).toBe(0)
  expect((await send([], { WEFT_DATA_DIR: dataDir })).code).toBe(0)
})

test.each([
  [
    'no coordinator there',
    ['list', '--server', 'http://127.0.0.1:1'],
    4,
    /does not answer .*weft serve/,
  ],
  [
    'a file that is not there',
    ['submit', '/nowhere/work.txt'],
    1,
    /^\/nowhere\/work\.txt: it cannot be read/,
  ],
  ['a folder for a file', ['estimate', '/'], 1, /^\/: it cannot be read/],
  ['no batch named', ['status'], 2, /missing required argument/],
  ['a verb that is none', ['shout'], 2, /unknown command/],
  ['a share that is no number', ['submit', '-', '--epsilon', 'much'], 2, /must be a number/],
  [
    'an address without http',
    ['list', '--server', 'weft.example'],
    2,
    /must be an http or https URL/,
  ],
  ['an address with a path', ['list', '--server', 'http://weft.example/api'], 2, /without a path/],
])('%s: one sentence and its exit code', async (_, args, expected, words) => {
  const { code, stdout, stderr } = await runWeft(['batch', ...args], { env })
  expect([code, stdout]).toEqual([expected, ''])
  expect(stderr).toMatch(words)
  expect(lines(stderr)).toHaveLength(1)
})

test('what the coordinator refuses comes in its own words', async () => {
  const server = await testServer({ 'quota-workunits': '1' })
  const refused = async (args: readonly string[], input: string) => {
    const { code, stdout, stderr } = await batch(server, args, { input })
    expect([code, stdout]).toEqual([3, ''])
    expect(lines(stderr)).toHaveLength(1)
    return stderr
  }
  const send = ['submit', '-', '--app', 'digest']
  expect(await refused(send, 'x')).toBe(
    'No line of this text is a workunit; no batch was made. Line 1: expected two numbers.\n',
  )
  expect(await refused(send, '1 1\n1 1')).toMatch(/^At most 1 workunits of requests/)
  expect(await refused(['submit', '-'], '1 1')).toMatch(/there is no app mersenne-tf/)
  expect(await refused([...send, '--epsilon', '3'], '1 1')).toMatch(/epsilon must be at most/)
  expect(await refused([...send, '--title', 'a\nb'], '1 1')).toMatch(/one line of text/)
  expect(await refused(send, '1 1 #'.repeat(300_000))).toMatch(/Split the text/)
  expect(await refused(['status', 'nothing-such'], '')).toBe('There is no batch nothing-such.\n')
  expect(await refused(['cancel', 'NO'], '')).toMatch(/expected a batch id/)
})

test('what is no coordinator is named as such, without a stack', async () => {
  const html = { 'content-type': 'text/html' }
  const page = '<!doctype html><title>Welcome</title>'
  for (const [address, words] of [
    [await impostor(200, html, page), /its answer to \/api\/batches\S* is no JSON/],
    [await impostor(200, {}, '{"items":[{"id":5}],"next":null}'), /has another form/],
    [await impostor(404, html, page), /answers with status 404/],
    [await impostor(502, html, page), /does not answer \(a proxy answers with status 502\)/],
    [
      await impostor(302, { location: 'https://login.example/' }, ''),
      /sends everybody to https:\/\/login/,
    ],
  ] as const) {
    const { code, stdout, stderr } = await runWeft(['batch', 'list', '--server', address])
    expect([code, stdout]).toEqual([4, ''])
    expect(stderr).toMatch(words)
    expect(lines(stderr)).toHaveLength(1)
  }
})
