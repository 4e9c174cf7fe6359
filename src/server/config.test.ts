import { expect, test } from 'vitest'
import { parseConfig } from './config.ts'
import { settings } from './settings.ts'

test('without anything said, a coordinator listens on this machine only', () => {
  expect(parseConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 8787,
    store: 'sqlite',
    seed: true,
  })
})

test('every fallback is a value that may be given', () => {
  const env = Object.fromEntries(settings.map(({ env: name, fallback }) => [name, fallback]))
  expect(parseConfig(env)).toEqual(parseConfig({}))
})

test('help says of no setting that it is nothing by default', () => {
  for (const { fallback } of settings) expect(fallback).not.toBe('')
})

test('what is not set is unset, and so is what is set to nothing', () => {
  const unset = { submitToken: undefined, publicNames: [] }
  expect(parseConfig({})).toMatchObject(unset)
  expect(parseConfig({ WEFT_SUBMIT_TOKEN: '', WEFT_PUBLIC_NAME: '' })).toMatchObject(unset)
  expect(parseConfig({ WEFT_PUBLIC_NAME: 'Weft.example,b.example' }).publicNames).toEqual([
    'weft.example',
    'b.example',
  ])
})

test('a database URL means PostgreSQL, unless another store is asked for', () => {
  const url = 'postgresql://weft:word@db.example/weft'
  expect(parseConfig({ DATABASE_URL: url })).toMatchObject({ store: 'postgres', databaseUrl: url })
  expect(parseConfig({ DATABASE_URL: url }, { store: 'sqlite' })).toMatchObject({ store: 'sqlite' })
  expect(parseConfig({ DATABASE_URL: '' })).toMatchObject({ store: 'sqlite' })
  expect(parseConfig({}, { 'database-url': url })).toMatchObject({ store: 'postgres' })
})

test('a flag beats its variable', () => {
  expect(parseConfig({ WEFT_PORT: '1' }, { port: '2' }).port).toBe(2)
  expect(parseConfig({ WEFT_SEED: 'on' }, { seed: false }).seed).toBe(false)
  expect(parseConfig({ WEFT_SEED: 'off' }, { seed: undefined }).seed).toBe(false)
})

test.each([
  [{ WEFT_PORT: '65536' }, {}, 'WEFT_PORT is "65536": it must be a whole number from 0 to 65535.'],
  [{ WEFT_PORT: 'http' }, {}, 'WEFT_PORT is "http": it must be a whole number from 0 to 65535.'],
  [{ WEFT_PORT: '' }, {}, 'WEFT_PORT is "": it must be a whole number from 0 to 65535.'],
  [
    {},
    { 'report-every-ms': '1' },
    '--report-every-ms is "1": it must be a whole number from 100 to 60000.',
  ],
  [{ WEFT_MAX_FRAME_BYTES: '65535' }, {}, 'it must be a whole number from 65536 to 1048576.'],
  [{ WEFT_PUBLIC_NAME: 'https://weft.example' }, {}, 'it must be host names with commas between'],
  [{ WEFT_TRUSTED_PROXY: 'yes' }, {}, 'it must be one of off, loopback.'],
  [
    { WEFT_STORE: 'cloud' },
    {},
    'WEFT_STORE is "cloud": it must be one of sqlite, postgres, memory.',
  ],
  [{ WEFT_SEED: 'yes' }, {}, 'WEFT_SEED is "yes": it must be on or off.'],
  [{ WEFT_HOST: 'a b' }, {}, 'it must be an IP address or a host name'],
  [{}, { colour: 'red' }, '--colour is "red": there is no such flag; there are --host --port'],
  [{ DATABASE_URL: 'mysql://db/weft' }, {}, 'it must be a URL that begins with postgresql://'],
  [{}, { store: 'postgres' }, 'The store is "postgres": it needs DATABASE_URL'],
])('%j %j is refused with the name and what it may be', (env, flags, message) => {
  expect(() => parseConfig(env, flags)).toThrow(message)
})

test('secrets are not repeated in messages', () => {
  for (const env of [
    { WEFT_SUBMIT_TOKEN: 'hunter2!' },
    { DATABASE_URL: 'mysql://me:hunter2!@db' },
  ]) {
    expect(() => parseConfig(env)).toThrow(expect.not.stringContaining('hunter2'))
  }
})
