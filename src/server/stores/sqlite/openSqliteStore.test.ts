import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as v from 'valibot'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appIdSchema, batchIdSchema } from '../../../protocol/ids.ts'
import { StoreLockedError, StoreTooNewError } from '../errors.ts'
import { connect } from './connect.ts'
import type { Migration } from '../migrations.ts'
import { migrate, sqliteMigrations } from './migrate.ts'
import { openSqliteStore } from './openSqliteStore.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-sqlite-'))
  path = join(folder, 'data', 'weft.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const pragma = (connection: DatabaseSync, name: string) =>
  Object.values(connection.prepare(`PRAGMA ${name}`).get() ?? {})[0]

test('a second opening of the same file is refused, until the first is closed', async () => {
  const first = openSqliteStore(path)
  expect(() => openSqliteStore(path)).toThrow(StoreLockedError)
  await first.close()
  await openSqliteStore(path).close()
})

test('another process is refused the file, with an error that says so', async () => {
  const store = openSqliteStore(path)
  const module = new URL('./openSqliteStore.ts', import.meta.url).href
  const script = `import(${JSON.stringify(module)}).then(({ openSqliteStore }) => openSqliteStore(${JSON.stringify(path)}))`
  const { status, stderr } = spawnSync(process.execPath, ['--eval', script], { encoding: 'utf8' })
  expect(status).not.toBe(0)
  expect(stderr).toContain('StoreLockedError')
  expect(stderr).toContain(`${path} is in use by another process`)
  await store.close()
})

test('every commit is flushed: WAL, synchronous FULL, foreign keys on', () => {
  const connection = connect(path)
  expect(pragma(connection, 'journal_mode')).toBe('wal')
  expect(pragma(connection, 'synchronous')).toBe(2)
  expect(pragma(connection, 'fullfsync')).toBe(1)
  expect(pragma(connection, 'foreign_keys')).toBe(1)
  expect(pragma(connection, 'locking_mode')).toBe('exclusive')
  connection.close()
})

test('migrations are numbered from 1 without a gap, applied once, and recorded', async () => {
  const migrations = sqliteMigrations()
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, i) => i + 1))
  await openSqliteStore(path).close()
  await openSqliteStore(path).close()
  const connection = connect(path)
  const recorded = connection.prepare('SELECT number, name FROM migrations').all()
  expect(recorded).toEqual(migrations.map(({ number, name }) => ({ number, name })))
  connection.close()
})

const next: Migration = {
  number: sqliteMigrations().length + 1,
  name: 'next.sql',
  sql: 'CREATE TABLE more (x INTEGER); INSERT INTO more VALUES (1);',
}

test('a store that a newer build wrote is refused and left as it is', async () => {
  const connection = connect(path)
  migrate(connection, path, [...sqliteMigrations(), next])
  connection.close()
  expect(() => openSqliteStore(path)).toThrow(StoreTooNewError)
  const again = connect(path)
  expect(again.prepare('SELECT x FROM more').get()).toEqual({ x: 1 })
  again.close()
})

test('an older store is brought up to date with what it holds', async () => {
  const store = openSqliteStore(path)
  const secret = await store.secret('lease')
  await store.close()
  const connection = connect(path)
  migrate(connection, path, [...sqliteMigrations(), next])
  expect(connection.prepare('SELECT value FROM secrets').get()).toEqual({ value: secret })
  expect(connection.prepare('SELECT max(number) AS n FROM migrations').get()).toEqual({
    n: next.number,
  })
  connection.close()
})

test('a store of the first build keeps all it has, and knows what is finished and what it is worth', async () => {
  const connection = connect(path)
  migrate(connection, path, sqliteMigrations().slice(0, 1))
  connection.exec(`
    INSERT INTO batches (id, kind, app, version, title, created_at, state, workunits, finished, items, items_final)
      VALUES ('old', 'request', 'some-app', 1, 'Old', 5, 'sealed', 3, 2, 24, 20),
        ('none', 'request', 'some-app', 1, 'None', 6, 'open', 0, 0, 0, 0);
    INSERT INTO workunits (batch, position, input, source, item_count, item_cost, final, items_final, epoch)
      VALUES (1, 0, '{}', '1', 8, 3, '[0,8]', 8, 2), (1, 1, '{}', '2', 8, 3, '[0,4]', 4, 1), (1, 2, '{}', NULL, 8, 5, '[0,8]', 8, 1)`)
  connection.close()
  const store = openSqliteStore(path)
  const old = v.parse(batchIdSchema, 'old')
  expect(await store.batch(old)).toMatchObject({
    epsilon: 0.001,
    credit: 88n,
    creditReported: 0n,
    creditFinal: 76n,
    finished: 2,
  })
  const finished = await store.finishedWorkunits(old, { limit: 9 })
  expect(finished.map((one) => [one.position, one.finished.no, one.key])).toEqual([
    [0, 1, null],
    [2, 2, null],
  ])
  expect(await store.unfinishedBatches({ limit: 9 })).toEqual(['none', 'old'])
  const wish = { owner: 'a', batch: old, limit: 9, now: 0, until: 1 }
  expect(await store.claim(wish)).toMatchObject([{ position: 1, epoch: 2, final: [0, 4] }])
  await store.close()
})

test('seeds of a build with one app go on under the name of that app', async () => {
  const connection = connect(path)
  migrate(connection, path, sqliteMigrations().slice(0, 2))
  connection.exec(`
    INSERT INTO batches (id, kind, app, version, title, created_at, workunits)
      VALUES ('practice', 'practice', 'mersenne-tf', 1, 'P', 5, 1), ('frontier', 'frontier', 'mersenne-tf', 1, 'F', 6, 0),
        ('frontier-2', 'frontier', 'mersenne-tf', 2, 'F', 7, 0), ('mine', 'request', 'mersenne-tf', 1, 'M', 8, 0);
    INSERT INTO workunits (batch, position, input, item_count, item_cost) VALUES (1, 0, '{"n":7}', 8, 3)`)
  connection.close()
  const store = openSqliteStore(path)
  const batches = await store.batches({ limit: 9 })
  expect(batches.map(({ id }) => id).toSorted()).toEqual([
    'frontier-mersenne-tf-1',
    'frontier-mersenne-tf-2',
    'mine',
    'practice-mersenne-tf-1',
  ])
  const last = await store.lastWorkunit(v.parse(batchIdSchema, 'practice-mersenne-tf-1'))
  expect(last).toMatchObject({ position: 0, input: { n: 7 } })
  await store.close()
})

test('a migration that fails leaves nothing of itself', () => {
  const connection = connect(path)
  migrate(connection, path)
  const broken = { ...next, sql: `${next.sql} INSERT INTO nowhere VALUES (1);` }
  expect(() => migrate(connection, path, [...sqliteMigrations(), broken])).toThrow('nowhere')
  migrate(connection, path, [...sqliteMigrations(), next])
  expect(connection.prepare('SELECT count(*) AS n FROM more').get()).toEqual({ n: 1 })
  connection.close()
})

test('a database of something else is refused and left as it is', () => {
  const other = join(folder, 'other.db')
  const connection = new DatabaseSync(other)
  connection.exec('CREATE TABLE batches (x)')
  connection.close()
  expect(() => openSqliteStore(other)).toThrow('batches already exists')
  const again = new DatabaseSync(other)
  const tables = again.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
  expect(tables).toEqual([{ name: 'batches' }])
  again.close()
})

test('only the owner of the process may read the file and what is beside it', async () => {
  const mode = (name: string) => statSync(name).mode & 0o777
  const store = openSqliteStore(path)
  await store.secret('lease')
  expect(mode(join(folder, 'data'))).toBe(0o700)
  const names = readdirSync(join(folder, 'data'))
  expect(names).toContain('weft.db')
  const modes = names.map((name) => [name, mode(join(folder, 'data', name))])
  expect(modes).toEqual(names.map((name) => [name, 0o600]))
  await store.close()
})

test('a file that others could read is closed to them, before anything is written', async () => {
  mkdirSync(join(folder, 'data'))
  writeFileSync(path, '')
  chmodSync(path, 0o644)
  const connection = connect(path)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  connection.close()
})

test('a batch that an older build let grow past 2^53 items can be read', async () => {
  const store = openSqliteStore(path)
  const id = v.parse(batchIdSchema, 'huge')
  const app = v.parse(appIdSchema, 'sample-app')
  await store.addBatch({
    id,
    kind: 'request',
    app,
    version: 1,
    title: 'huge',
    createdAt: 0,
    epsilon: 0.01,
  })
  await store.close()
  const connection = connect(path)
  connection.exec(
    'UPDATE batches SET items = 1152921504606846976, items_final = 1152921504606846976',
  )
  connection.close()
  const again = openSqliteStore(path)
  const most = Number.MAX_SAFE_INTEGER
  expect(await again.batches({ limit: 1 })).toMatchObject([{ items: most, itemsFinal: most }])
  await again.close()
})
