import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { parseConfig } from '../server/config.ts'
import { startServer, type RunningServer } from '../server/serve.ts'
import { coordinatorApi, type BatchStatus } from './coordinatorApi.ts'
import { contributeProcess, eventsIn, type ContributeProcess } from './testing/contributeProcess.ts'

// Real processes with real threads on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const SMALL = 'Factor=N/A,11,4,7\nFactor=N/A,29,7,12\n'
/** More than any machine does before a test is over. */
const LONG = 'Factor=N/A,5000011,50,74\n'
/** A preload under which there is no package `webgpu`, whatever this machine has. */
const NO_WEBGPU =
  'data:text/javascript,' +
  encodeURIComponent(`import { registerHooks } from 'node:module'
registerHooks({ resolve(name, context, next) {
  if (name === 'webgpu') throw new Error('sabotaged')
  return next(name, context)
} })`)

let folder: string
const ends: (() => unknown)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-contribute-test-'))
})
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
  await rm(folder, { recursive: true })
})

async function coordinator(port = 0): Promise<RunningServer> {
  const flags = { port: String(port), store: 'memory', seed: 'off', 'log-level': 'silent' }
  const token = { 'submit-token': 'token-of-the-tests', 'report-every-ms': '100' }
  const server = await startServer(parseConfig({}, { ...flags, ...token }))
  ends.push(() => server.stop())
  return server
}

async function submit(server: RunningServer, text: string) {
  const api = coordinatorApi(server.address, { token: server.submitToken })
  const { batch } = await api.submit({ app: 'mersenne-tf', title: 'Test', text })
  return () => api.batch(batch.id)
}

async function itemsOf(batch: () => Promise<BatchStatus>): Promise<number> {
  const { itemsReported, itemsFinal } = await batch()
  return itemsReported + itemsFinal
}

function contribute(...args: Parameters<typeof contributeProcess>): ContributeProcess {
  const [flags, env] = args
  const child = contributeProcess(['--data-dir', folder, '--threads', '1', ...flags], env)
  ends.push(() => child.kill('SIGKILL'))
  return child
}

test('it computes until Ctrl+C, tells what it finds, and leaves nothing behind', async () => {
  const server = await coordinator()
  const batch = await submit(server, SMALL)
  const host = contribute(['--server', server.address, '--backend', 'wasm', '--json'])
  await expect
    .poll(async () => (await batch()).finished, { timeout: 50_000, interval: 100 })
    .toBe(2)
  await host.event(({ reason }) => reason === 'no-batches' || reason === 'all-leased')
  host.kill('SIGINT')
  // npm passes on what the terminal has sent already.
  host.kill('SIGINT')
  expect(await host.ended).toBe(130)

  const events = eventsIn(host.printed.stdout)
  expect(events[0]).toMatchObject({ event: 'start', server: server.address, threads: 1, duty: 100 })
  expect(events.at(-1)).toMatchObject({
    event: 'stop',
    code: 'interrupted',
    signal: 'SIGINT',
    unsentSlices: 0,
  })
  const finds = events
    .filter(({ event }) => event === 'find')
    .map(({ sentence }) => String(sentence))
  expect(finds.toSorted()).toEqual([
    '2^11 − 1 is divisible by 23',
    '2^11 − 1 is divisible by 89',
    '2^29 − 1 is divisible by 1103',
    '2^29 − 1 is divisible by 2089',
    '2^29 − 1 is divisible by 233',
  ])
  expect(host.printed.stderr).toContain('Found: 2^11 − 1 is divisible by 23 (requested).')
  expect(host.printed.stderr).toMatch(/Stopped by SIGINT\.\n$/)
})

test('stopped in the middle of work it delivers every slice that it finished', async () => {
  const server = await coordinator()
  const batch = await submit(server, LONG)
  const host = contribute(['--server', server.address, '--backend', 'wasm', '--duty', '50'])
  const reported = () => itemsOf(batch)
  await expect.poll(reported, { timeout: 50_000, interval: 50 }).toBeGreaterThan(8)
  host.kill('SIGTERM')
  expect(await host.ended).toBe(143)
  expect(host.printed.stderr).toBe('Stopped by SIGTERM.\n')
  const { stdout } = host.printed
  expect(stdout).toContain(`Computing for  ${server.address}`)
  expect(stdout).toContain('1 thread, and no GPU; 50 % of their time')
  expect(stdout).toContain('\nRunning.\n')
  const [, items] =
    /This visit: [\d,]+ slices?, ([\d,]+) items?, .*Nothing waits/.exec(stdout) ?? []
  expect(Number(items?.replaceAll(',', ''))).toBe(await reported())
})

test('wrong usage is exit code 2 and one line', async () => {
  const host = contribute(['--duty', '4'])
  expect(await host.ended).toBe(2)
  expect(host.printed.stdout).toBe('')
  expect(host.printed.stderr).toMatch(/^error: option '--duty <percent>' .*from 5 to 100\.\n$/)
})

test('a second process on the same data folder is refused, and the first goes on', async () => {
  const server = await coordinator()
  await submit(server, LONG)
  const flags = ['--server', server.address, '--backend', 'wasm', '--json']
  const first = contribute(flags)
  await first.event(({ state }) => state === 'running')
  const second = contribute(flags)
  expect(await second.ended).toBe(1)
  expect(second.printed.stdout).toBe('')
  expect(second.printed.stderr).toMatch(/^The host kept in .* is at work in another process: .*\n$/)
  first.kill('SIGINT')
  expect(await first.ended).toBe(130)
})

test('while nobody answers it says so and keeps trying, and it begins when somebody does', async () => {
  const gone = await coordinator()
  await gone.stop()
  const host = contribute(['--server', gone.address, '--json'])
  const idle = await host.event(({ reason }) => reason === 'disconnected')
  expect(idle['sentence']).toContain('cannot be reached (')
  expect(idle['sentence']).toContain('ECONNREFUSED')
  const server = await coordinator(gone.port)
  await submit(server, LONG)
  expect(await host.event(({ state }) => state === 'running')).toMatchObject({ connected: true })
  host.kill('SIGINT')
  expect(await host.ended).toBe(130)
})

test('what answers and is no coordinator ends it, with the address and the reason', async () => {
  const site = createServer((_, response) => response.writeHead(404).end('<p>nothing here'))
  site.listen(0, '127.0.0.1')
  ends.push(() => site.close())
  await once(site, 'listening')
  // A server that listens on TCP has such an address.
  const { port } = site.address() as AddressInfo
  const host = contribute(['--server', `http://127.0.0.1:${port}`])
  expect(await host.ended).toBe(4)
  expect(host.printed.stderr).toBe(
    `There is no coordinator for this program at http://127.0.0.1:${port}: /api/health answers with HTTP status 404.\n`,
  )
})

test('--backend webgpu without a GPU ends it, with the reason and what to do; auto goes on', async () => {
  const server = await coordinator()
  const batch = await submit(server, LONG)
  const env = { NODE_OPTIONS: `--import ${NO_WEBGPU}` }
  const strict = contribute(['--server', server.address, '--backend', 'webgpu', '--json'], env)
  expect(await strict.ended).toBe(1)
  expect(strict.printed.stderr).toMatch(/The GPU cannot be used.*sabotaged.*--backend auto.*\n$/)
  expect(eventsIn(strict.printed.stdout).at(-1)).toMatchObject({ code: 'no_gpu', unsentSlices: 0 })

  const lax = contribute(['--server', server.address, '--json'], env)
  expect(await lax.event(({ event }) => event === 'gpu')).toMatchObject({
    state: 'unavailable',
    reason: 'no-webgpu',
  })
  const before = await itemsOf(batch)
  await expect.poll(() => itemsOf(batch), { timeout: 20_000 }).toBeGreaterThan(before)
  lax.kill('SIGINT')
  expect(await lax.ended).toBe(130)
})

test('when nobody reads its output any more it stops in good order', async () => {
  const server = await coordinator()
  await submit(server, LONG)
  const host = contribute(['--server', server.address, '--backend', 'wasm', '--json'])
  await host.event(({ state }) => state === 'running')
  host.closePipe()
  expect(await host.ended).toBe(141)
  expect(host.printed.stderr).toContain('Nothing waits to be delivered.')
})
