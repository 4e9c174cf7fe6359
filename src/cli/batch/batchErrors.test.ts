import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import * as v from 'valibot'
import { expect, onTestFinished, test } from 'vitest'
import { digestApp } from '../../../tests/integration/digestApp.ts'
import {
  request,
  SUBMIT_TOKEN,
  testDirectory,
  testServer,
} from '../../../tests/integration/testServer.ts'
import { appIdSchema } from '../../protocol/ids.ts'
import { batchOn, linesOf, workFile } from '../testing/batchOn.ts'
import { runWeft } from '../testing/runWeft.ts'

/** Something that is no coordinator, or one that answers in its own way. */
async function impostor(status: number, headers: Record<string, string>, body: string) {
  const server = createServer((_, response) => response.writeHead(status, headers).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('the token is found in the option, the variable, or the data folder of this machine', async () => {
  const server = await testServer()
  const dataDir = await testDirectory()
  const path = await workFile('1 1')
  const send = (args: readonly string[], variables: Record<string, string>) =>
    batchOn(server, ['submit', path, '--app', 'digest', ...args], {
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
  const { code, stdout, stderr } = await runWeft(['batch', ...args])
  expect([code, stdout]).toEqual([expected, ''])
  expect(stderr).toMatch(words)
  expect(linesOf(stderr)).toHaveLength(1)
})

test('which app reads a file must be said where there are several, and need not be where there is one', async () => {
  const other = { ...digestApp, id: v.parse(appIdSchema, 'other'), title: 'Others' }
  const several = await testServer({}, { apps: [digestApp, other] })
  for (const verb of ['submit', 'estimate']) {
    const { code, stdout, stderr } = await batchOn(several, [verb, '-'], { input: '1 1' })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe(
      'This coordinator has several apps. Say which one reads this file, with --app: digest (Digests of numbers) or other (Others).\n',
    )
  }
  expect((await request(several, '/api/batches')).body.items).toEqual([])
  const one = await testServer()
  expect((await batchOn(one, ['submit', '-'], { input: '1 1' })).code).toBe(0)
})

test('what the coordinator refuses comes in its own words', async () => {
  const server = await testServer({ 'quota-workunits': '1' })
  const refused = async (args: readonly string[], input: string) => {
    const { code, stdout, stderr } = await batchOn(server, args, { input })
    expect([code, stdout]).toEqual([3, ''])
    expect(linesOf(stderr)).toHaveLength(1)
    return stderr
  }
  const send = ['submit', '-', '--app', 'digest']
  expect(await refused(send, 'x')).toBe(
    'No line of this text is a workunit; no batch was made. Line 1: expected two numbers.\n',
  )
  const many = await refused(send, 'x\n'.repeat(9))
  expect(many).toContain('Line 5: expected two numbers. And others.')
  expect(many).not.toContain('Line 6')
  expect(await refused(send, '1 1\n1 1')).toMatch(/^At most 1 workunits of requests/)
  expect(await refused(['submit', '-', '--app', 'no-such-app'], '1 1')).toMatch(
    /there is no app no-such-app/,
  )
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
    expect(linesOf(stderr)).toHaveLength(1)
  }
})
