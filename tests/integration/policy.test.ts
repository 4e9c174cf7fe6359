import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { App } from '../../src/apps/app.ts'
import { runWeft } from '../../src/cli/testing/runWeft.ts'
import { InvalidInputError } from '../../src/protocol/errors.ts'
import { digestApp, type DigestInput, type DigestOutput } from './digestApp.ts'
import { request, SUBMIT_TOKEN, testDirectory, testServer } from './testServer.ts'

/** The digest app with a policy of one number a line, which `every` may not be; 13 it may never be. */
const governedApp: App<DigestInput, DigestOutput> = {
  ...digestApp,
  load: {
    ...digestApp.load,
    policy: async () => (text) => {
      const refused = new Set([13])
      for (const [index, line] of text.split('\n').entries()) {
        if (line === '') continue
        if (!/^[0-9]+$/.test(line)) {
          throw new InvalidInputError(`line ${index + 1}`, 'expected a number')
        }
        refused.add(Number(line))
      }
      return ({ every }) =>
        refused.has(every)
          ? { status: 'refused', reason: `every ${every} is not computed here: take another` }
          : { status: 'allowed' }
    },
  },
}
const parts = { apps: [governedApp] }
const headers = { authorization: `Bearer ${SUBMIT_TOKEN}` }

async function policyFolder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await testDirectory()
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

function hand(server: { port: number }, path: string, text: string) {
  return request(server, path, { method: 'POST', headers, body: { app: 'digest', text } })
}

test.each(['/api/batches', '/api/estimates'])(
  'what the operator does not let be computed is refused at %s with its reason, and the rest goes on',
  async (path) => {
    const folder = await policyFolder({ 'digest.txt': '7\n\n9\n', 'README.md': 'mine' })
    const server = await testServer({ 'policy-dir': folder }, parts)
    const { body } = await hand(server, path, '64 16\n64 7\nnonsense\n64 13\n32 9\n32 8')
    expect(body.refused).toEqual([
      { line: 2, reason: 'every 7 is not computed here: take another' },
      { line: 3, reason: 'expected two numbers' },
      { line: 4, reason: 'every 13 is not computed here: take another' },
      { line: 5, reason: 'every 9 is not computed here: take another' },
    ])
    expect(body.refusedCount).toBe(4)
    expect((body.batch ?? body).workunits).toBe(2)
    expect((body.batch ?? body).items).toBe(96)
    const { status, body: none } = await hand(server, path, '64 7')
    expect([status, none.code, none.details.refusedCount]).toEqual([422, 'nothing_to_do', 1])
  },
)

test('without a folder, or a file in it, the policy is read from nothing', async () => {
  for (const flags of [{}, { 'policy-dir': '' }, { 'policy-dir': await policyFolder({}) }]) {
    const server = await testServer(flags, parts)
    const { body } = await hand(server, '/api/batches', '64 7\n64 13')
    expect(body.refused.map(({ line }: { line: number }) => line)).toEqual([2])
  }
})

test.each([
  [
    'a line that is wrong',
    { 'digest.txt': '7\nseven\n' },
    /digest\.txt: line 2: expected a number/,
  ],
  [
    'a file for no app',
    { 'diggest.txt': '' },
    /diggest\.txt: there is no app diggest; there is digest/,
  ],
  [
    'a file that is no text',
    { 'digest.txt': Uint8Array.of(255, 254, 55) },
    /digest\.txt: it cannot/,
  ],
])('%s ends the start, and the file is named', async (_, files, message) => {
  const start = testServer({ 'policy-dir': await policyFolder(files) }, parts)
  await expect(start).rejects.toMatchObject({
    code: 'policy',
    message: expect.stringMatching(message),
  })
})

test('so does a folder that is not there, a folder in place of a file, and a file that no policy would read', async () => {
  const gone = join(await testDirectory(), 'gone')
  await expect(testServer({ 'policy-dir': gone }, parts)).rejects.toThrow(/gone: it cannot be read/)
  const folder = await testDirectory()
  await mkdir(join(folder, 'digest.txt'))
  await expect(testServer({ 'policy-dir': folder }, parts)).rejects.toThrow(
    /digest\.txt: it cannot/,
  )
  const bare = testServer({ 'policy-dir': await policyFolder({ 'digest.txt': '' }) })
  await expect(bare).rejects.toThrow(/digest\.txt: digest has no policy/)
})

test('the command says so in a sentence and ends as it does for any setting that is wrong', async () => {
  const folder = await policyFolder({ 'nothing.txt': '' })
  const ended = await runWeft(['serve', '--store', 'memory', '--port', '0', '--policy-dir', folder])
  expect(ended.code).toBe(1)
  expect(ended.stderr).toMatch(/^Policy .*nothing\.txt: there is no app nothing; there is /)
  const other = await runWeft(['serve', '--port', 'none'])
  expect(other.code).toBe(1)
})
