import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { afterEach, expect, test, vi } from 'vitest'
import { contributeCommand, type ContributeOptions } from './contributeCommand.ts'

afterEach(() => vi.unstubAllEnvs())

async function parse(...flags: string[]): Promise<ContributeOptions> {
  const parsed = Promise.withResolvers<ContributeOptions>()
  const command = new Command('weft').exitOverride().configureOutput({ writeErr: () => undefined })
  contributeCommand(command, async (options) => parsed.resolve(options))
  await command.parseAsync(flags, { from: 'user' })
  return parsed.promise
}

test('without flags it works for the coordinator of this machine, with all there is', async () => {
  vi.stubEnv('WEFT_SERVER', undefined)
  vi.stubEnv('WEFT_DATA_DIR', undefined)
  expect(await parse()).toEqual({
    server: new URL('http://localhost:8787'),
    backend: 'auto',
    threads: availableParallelism(),
    duty: 100,
    dataDir: 'data',
  })
})

test('a flag beats its variable', async () => {
  vi.stubEnv('WEFT_SERVER', 'https://weft.example')
  vi.stubEnv('WEFT_DATA_DIR', 'elsewhere')
  expect(await parse()).toMatchObject({ dataDir: 'elsewhere' })
  expect((await parse()).server.origin).toBe('https://weft.example')
  const { server, dataDir } = await parse('--server', 'http://[::1]:80', '--data-dir', 'here')
  expect([server.origin, dataDir]).toEqual(['http://[::1]', 'here'])
})

test('the ends of every range are in it', async () => {
  expect(await parse('--threads', '1', '--duty', '5')).toMatchObject({ threads: 1, duty: 5 })
  expect(await parse('--threads', '1024', '--duty', '100')).toMatchObject({ threads: 1_024 })
})

test.each([
  [['--server', 'ftp://weft.example'], 'http or https URL'],
  [['--server', 'localhost:8787'], 'http or https URL'],
  [['--server', 'https://weft.example/page'], 'https://weft.example'],
  [['--server', 'https://me:secret@weft.example'], 'a password'],
  [['--threads', '0'], 'from 1 to 1024'],
  [['--threads', '1.5'], 'from 1 to 1024'],
  [['--threads', '1025'], 'from 1 to 1024'],
  [['--duty', '4'], 'from 5 to 100'],
  [['--duty', 'all'], 'from 5 to 100'],
  [['--duty', '1e1'], 'from 5 to 100'],
  [['--backend', 'gpu'], 'auto, webgpu, wasm'],
  [['--apps', 'mersenne-tf,no-such'], 'must name apps of this build: mersenne-tf'],
  [['--apps', ''], 'must name apps of this build'],
  [['--data-dir', ''], 'must not be empty'],
  [['--nonsense'], '--nonsense'],
])('%j is refused with what may be', async (flags, expected) => {
  await expect(parse(...flags)).rejects.toThrow(expected)
})

test('apps are named once each, apart by commas', async () => {
  expect(await parse('--apps', ' mersenne-tf,mersenne-tf')).toMatchObject({ apps: ['mersenne-tf'] })
})

test('a variable that says something wrong is named', async () => {
  vi.stubEnv('WEFT_SERVER', 'localhost')
  await expect(parse()).rejects.toThrow("from env 'WEFT_SERVER'")
})
