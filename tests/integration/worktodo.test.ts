import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { apps } from '../../src/apps/registry.ts'
import { runWeft } from '../../src/cli/testing/runWeft.ts'
import { seededRandom } from '../seededRandom.ts'
import { TestHost } from './testHost.ts'
import { request, SUBMIT_TOKEN, testServer } from './testServer.ts'
import { STORES } from './testStores.ts'
import { makeWorktodo, type Assignment, type Worktodo } from './worktodo.ts'
import { workThrough } from './workThrough.ts'

const random = seededRandom('worktodo')

test.each(STORES.slice(1))(
  'a thousand assignments, computed by hosts of which one is killed, come back each once, with exactly the factors there are (%s)',
  { timeout: 120_000 },
  async (_, flags) => {
    const worktodo = makeWorktodo(1_000, 30, random)
    expect(worktodo.assignments.some(({ factors }) => factors.length > 0)).toBe(true)
    const server = await testServer(await flags(), { apps })
    const weft = (...args: string[]) => weftOn(server.address, args)
    const id = await submitTo(server.address, worktodo)
    const following = weft('results', id, '--follow', '--format', 'primenet')

    const victim = startHost(server.address, 1)
    const survivor = startHost(server.address, 2)
    const finished = async () => (await request(server, `/api/batches/${id}`)).body.finished
    await expect.poll(finished, { timeout: 60_000, interval: 50 }).toBeGreaterThan(200)
    expect((await request(server, '/api/hosts')).body.items).toHaveLength(2)
    victim.kill('SIGKILL')

    const followed = await following
    expect([followed.code, followed.stderr]).toEqual([0, ''])
    expectPrimenet(followed.stdout, worktodo.assignments)
    const again = await weft('results', id, '--format', 'primenet')
    expect(again.stdout).toBe(followed.stdout)
    const found = await weft('results', id)
    expectFinds(found.stdout, worktodo.assignments)
    survivor.send('stop')
    await once(survivor, 'exit')
  },
)

test(
  'ten thousand lines as files come are matched line by line in what comes out',
  { timeout: 120_000 },
  async () => {
    const worktodo = makeWorktodo(10_000, 26, random)
    const server = await testServer({}, { apps })
    const id = await submitTo(server.address, worktodo)
    const known = new Map(worktodo.assignments.map((one) => [rangeOf(one), one.factors]))
    const host = await TestHost.enter(server.port, undefined, [{ id: 'mersenne-tf', version: 1 }])
    await workThrough(host, (input) => known.get(rangeOf(input as Assignment)) ?? [])
    const lines = await weftOn(server.address, ['results', id, '--format', 'primenet'])
    expect([lines.code, lines.stderr]).toEqual([0, ''])
    expectPrimenet(lines.stdout, worktodo.assignments)
    const found = await weftOn(server.address, ['results', id])
    expectFinds(found.stdout, worktodo.assignments)
  },
)

function weftOn(address: string, args: readonly string[], input = '') {
  const env = { WEFT_SERVER: address, WEFT_SUBMIT_TOKEN: SUBMIT_TOKEN }
  return runWeft(['batch', ...args], { env, input })
}

async function submitTo(address: string, { text, assignments, wrong }: Worktodo): Promise<string> {
  const { code, stdout } = await weftOn(
    address,
    ['submit', '-', '--app', 'mersenne-tf', '--json'],
    text,
  )
  expect(code).toBe(0)
  const { batch, refused } = JSON.parse(stdout) as {
    batch: { id: string; workunits: number }
    refused: { line: number }[]
  }
  expect(batch.workunits).toBe(assignments.length)
  expect(refused.map(({ line }) => line)).toEqual(wrong)
  return batch.id
}

/** One line for each assignment, in any order: two assignments that are the same in all have two lines. */
function expectPrimenet(stdout: string, assignments: readonly Assignment[]): void {
  const lines = stdout.trimEnd().split('\n')
  const got = lines.map((line) => {
    const result = JSON.parse(line) as PrimenetLine
    const { timestamp, checksum, program, ...claims } = result
    expect(timestamp).toMatch(/^[0-9]{4}(-[0-9]{2}){2} [0-9]{2}(:[0-9]{2}){2}$/)
    expect(checksum).toEqual({ version: 1, checksum: checksumOf(result) })
    expect(program).toMatchObject({ name: 'weft' })
    return claims
  })
  const wanted = assignments.map(({ exponent, bitLo, bitHi, aid, factors }) => ({
    exponent,
    worktype: 'TF',
    status: factors.length > 0 ? 'F' : 'NF',
    bitlo: bitLo,
    bithi: bitHi,
    rangecomplete: true,
    ...(factors.length > 0 && { factors: factors.map(({ factor }) => factor) }),
    ...(aid !== null && { aid }),
  }))
  expect(inOrder(got)).toEqual(inOrder(wanted))
}

interface PrimenetLine {
  readonly exponent: number
  readonly factors?: readonly string[]
  readonly bitlo: number
  readonly bithi: number
  readonly rangecomplete: boolean
  readonly program: { readonly name: string; readonly version: string; readonly kernel: string }
  readonly timestamp: string
  readonly checksum: object
}

/** Once more, from the sixteen fields that it covers (the app's README has them). */
function checksumOf({
  exponent,
  factors = [],
  program,
  timestamp,
  ...range
}: PrimenetLine): string {
  const { bitlo, bithi, rangecomplete } = range
  const covered = [
    `${exponent};TF;${factors.join(',')};;${bitlo};${bithi};${Number(rangecomplete)};;`,
    `${program.name};${program.version};${program.kernel};;;;${timestamp}`,
  ].join(';')
  return crc32(covered).toString(16).toUpperCase().padStart(8, '0')
}

/** One line of JSON for each factor of each assignment, named by its line. */
function expectFinds(stdout: string, assignments: readonly Assignment[]): void {
  const finds = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { source: string; input: Assignment; output: object })
  const got = finds.map(({ source, input, output }) => ({
    line: Number(source),
    range: rangeOf(input),
    ...output,
  }))
  const wanted = assignments.flatMap((one) =>
    one.factors.map((factor) => ({ line: one.line, range: rangeOf(one), ...factor })),
  )
  expect(inOrder(got)).toEqual(inOrder(wanted))
  for (const { aid } of assignments) expect(aid !== null && stdout.includes(aid)).toBe(false)
}

function rangeOf({ exponent, bitLo, bitHi }: Assignment): string {
  return `${exponent},${bitLo},${bitHi}`
}

function inOrder<Value extends object>(values: readonly Value[]): Value[] {
  const named = values.map((value) => [JSON.stringify(value, Object.keys(value).toSorted()), value])
  const byName = named as [string, Value][]
  return byName.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
}

function startHost(address: string, threads: number): ChildProcess {
  const child = fork(join(import.meta.dirname, 'headlessHost.ts'), [address, String(threads)])
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}
