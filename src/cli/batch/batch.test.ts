import { expect, test } from 'vitest'
import {
  request,
  submit,
  testDirectory,
  testServer,
} from '../../../tests/integration/testServer.ts'
import { digestFinds, workThrough } from '../../../tests/integration/workThrough.ts'
import { secretApp, SECRET } from '../../../tests/integration/secretApp.ts'
import { batchOn, linesOf, workFile, type Server } from '../testing/batchOn.ts'

const cells = (text: string) => linesOf(text).map((line) => line.split('\t'))

test('a file is submitted: what became of it on standard output, words about it beside', async () => {
  const server = await testServer()
  const path = await workFile('64 16\nnonsense\n32 4\n')
  const args = ['submit', path, '--app', 'digest', '--title', 'mine', '--epsilon', '0.25']
  const { code, stdout, stderr } = await batchOn(server, args)
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
  expect(stderr).toContain(`npx weft batch status ${id} --watch --server ${server.address}\n`)
})

test('standard input is as good as a file, and --json is one document', async () => {
  const server = await testServer()
  const args = ['submit', '-', '--app', 'digest', '--json']
  const { code, stdout } = await batchOn(server, args, { input: '64 16 key\nnonsense\n' })
  expect(code).toBe(0)
  expect(linesOf(stdout)).toHaveLength(1)
  expect(JSON.parse(stdout)).toMatchObject({
    batch: { workunits: 1, epsilon: 0.001 },
    refused: [{ line: 2 }],
    refusedCount: 1,
  })
})

test('an estimate says what it would take, and submits nothing', async () => {
  const server = await testServer()
  const path = await workFile('64 16\nnonsense\n')
  const { code, stdout, stderr } = await batchOn(server, ['estimate', path, '--app', 'digest'])
  expect(code).toBe(0)
  expect(cells(stdout)).toContainEqual(['Credit', '64000'])
  expect(cells(stdout)).toContainEqual(['Quota', 'there is room'])
  expect(stderr).toContain('Line 2 was left out')
  const json = await batchOn(server, ['estimate', path, '--app', 'digest', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ workunits: 1, price: null })
  expect((await request(server, '/api/batches')).body.items).toEqual([])
})

test('list, status and cancel show what the API says', async () => {
  const server = await testServer()
  const first = await submit(server, '64 16')
  const second = await submit(server, '64 16\n64 16')
  await workThrough(await server.enter(), digestFinds)
  const third = await submit(server, '1 1')
  const list = await batchOn(server, ['list'])
  expect(cells(list.stdout).map((row) => row.slice(0, 5))).toEqual([
    [third, 'running', '0 %', '1', '0'],
    [second, 'finished', '100 %', '2', '8'],
    [first, 'finished', '100 %', '1', '4'],
  ])
  const cancelled = await batchOn(server, ['cancel', third])
  expect(cells(cancelled.stdout)).toContainEqual(['State', 'cancelled'])
  const listed = await batchOn(server, ['list', '--json'])
  expect(JSON.parse(listed.stdout)).toEqual((await request(server, '/api/batches')).body.items)
  const shown = await batchOn(server, ['status', second, '--json'])
  expect(JSON.parse(shown.stdout)).toEqual((await request(server, `/api/batches/${second}`)).body)
  const status = await batchOn(server, ['status', second])
  expect(cells(status.stdout)).toContainEqual(['Items', '128 of 128'])
})

test('results are lines of JSON, one for each find, with all that is needed to use them', async () => {
  const server = await testServer()
  const id = await submit(server, '3 1 secret\n5 2\n7 9')
  await workThrough(await server.enter(), digestFinds)
  const { code, stdout, stderr } = await batchOn(server, ['results', id])
  expect([code, stderr]).toEqual([0, ''])
  const found = linesOf(stdout).map((line) => JSON.parse(line) as Record<string, unknown>)
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
  const trusted = await batchOn(server, ['results', id, '--format', 'words'])
  expect(trusted.stderr).toBe('')
  expect(linesOf(trusted.stdout).map((line) => line.replace(/ [0-9]+$/, ''))).toEqual([
    '3 secret 0 1 2 true',
    '5 - 0 true',
    '7 other 0 true',
  ])
  const stranger = { WEFT_SUBMIT_TOKEN: '', WEFT_DATA_DIR: '/nowhere' }
  const { code, stdout, stderr } = await batchOn(server, ['results', id, '--format', 'words'], {
    env: stranger,
  })
  expect(code).toBe(0)
  expect(linesOf(stdout)).toHaveLength(3)
  expect(stdout).not.toMatch(/secret|other/)
  expect(stderr).toMatch(/^Without the submit token .*--token.*\n$/)
  const wrong = await batchOn(server, ['results', id, '--format', 'nothing'])
  expect([wrong.code, wrong.stdout]).toEqual([3, ''])
  expect(wrong.stderr).toMatch(/it has words$/m)
})

test('following gives each line once, as it comes, and ends with the batch', async () => {
  const server = await testServer()
  const id = await submit(server, '40 1\n'.repeat(30))
  const host = await server.enter()
  await workThrough(host, digestFinds, { tasks: 1, speed: 10_000 })
  const begun = Promise.withResolvers<void>()
  const following = batchOn(server, ['results', id, '--follow'], { act: () => begun.resolve() })
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
  const following = batchOn(before, ['results', id, '--follow'], {
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
  expect(linesOf(stderr)).toHaveLength(2)
  expect(stderr).toMatch(
    /does not answer .* Trying again for 120 s\.\nThe coordinator answers again\.\n$/,
  )
  expect(idsOf(stdout)).toEqual(await storedIds(after, id))
})

const idsOf = (stdout: string) =>
  linesOf(stdout).map((line) => (JSON.parse(line) as { id: number }).id)

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

test('the requester reads what was asked for, and with --shares all that was found; others read all without what it was for', async () => {
  const server = await testServer({}, { apps: [secretApp] })
  const id = await submit(server, `1200 1 ${SECRET}-600`)
  await workThrough(await server.enter(), digestFinds)
  const itemsOf = (stdout: string) =>
    linesOf(stdout).map((line) => (JSON.parse(line) as { output: { item: number } }).output.item)
  for (const more of [[], ['--follow']]) {
    const sought = await batchOn(server, ['results', id, ...more])
    expect([sought.code, itemsOf(sought.stdout)]).toEqual([0, [0, 600]])
    const shares = await batchOn(server, ['results', id, '--shares', ...more])
    expect(itemsOf(shares.stdout)).toHaveLength(1_200)
    expect(shares.stdout).toContain(SECRET)
  }
  const env = { WEFT_SUBMIT_TOKEN: '', WEFT_DATA_DIR: await testDirectory() }
  const open = await batchOn(server, ['results', id], { env })
  expect(itemsOf(open.stdout)).toHaveLength(1_200)
  expect(open.stdout).not.toContain(SECRET)
})

test('a reader that closes the pipe ends it quietly', async () => {
  const server = await testServer()
  const id = await submit(server, '40 1\n'.repeat(100))
  await workThrough(await server.enter(), digestFinds)
  const { code, stderr } = await batchOn(server, ['results', id, '--follow'], {
    act: (_, weft) => weft.stopReading(),
  })
  expect([code, stderr]).toEqual([141, ''])
})

test('watching shows progress and every find until the batch is done', async () => {
  const server = await testServer()
  const path = await workFile('40 10\n30 10\n')
  const begun = Promise.withResolvers<void>()
  const watching = batchOn(server, ['submit', path, '--app', 'digest', '--watch'], {
    act: ({ stderr }) => stderr.includes('%') && begun.resolve(),
  })
  await begun.promise
  await workThrough(await server.enter(), digestFinds)
  const { code, stdout, stderr } = await watching
  expect(code).toBe(0)
  expect(linesOf(stdout).filter((line) => line.endsWith('is divisible by 10'))).toHaveLength(7)
  expect(stderr).toContain('100 %  2 of 2 workunits, 7 found')
  expect(stderr).toContain('The batch is finished.')
})

test('in JSON, watching is one line for each find and each change', async () => {
  const server = await testServer()
  const id = await submit(server, '40 10')
  await workThrough(await server.enter(), digestFinds)
  const { stdout } = await batchOn(server, ['status', id, '--watch', '--json'])
  const said = linesOf(stdout).map(
    (line) => JSON.parse(line) as Record<string, { output?: object }>,
  )
  const found = said.flatMap(({ result }) => (result ? [result.output] : []))
  expect(found).toEqual([{ item: 0 }, { item: 10 }, { item: 20 }, { item: 30 }])
  expect(said.filter((line) => line['batch'])).toHaveLength(1)
})

test('who stops watching leaves the batch running, and is told how to look again', async () => {
  const server = await testServer()
  const path = await workFile('64 16\n')
  let sent = false
  const args = ['submit', path, '--app', 'digest', '--watch', '--server', server.address]
  const { code, stderr } = await batchOn(server, args, {
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
  expect(stderr).toContain(`npx weft batch status ${id} --watch --server ${server.address}\n`)
  expect(stderr).toContain(`npx weft batch cancel ${id} --server ${server.address}\n`)
})
