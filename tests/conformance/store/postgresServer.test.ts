import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { connect } from '../../../src/server/stores/postgres/connect.ts'
import { migrate, postgresMigrations } from '../../../src/server/stores/postgres/migrate.ts'
import { openPostgresStore } from '../../../src/server/stores/postgres/openPostgresStore.ts'
import {
  DatabaseUnreachableError,
  DatabaseUnsuitableError,
  StoreTooNewError,
  StoreUnavailableError,
} from '../../../src/server/stores/errors.ts'
import { newDatabase } from '../../postgres/newDatabase.ts'
import { startPostgres } from '../../postgres/startPostgres.ts'
import {
  addSampleHost,
  sampleBatch,
  sampleCommit,
  sampleReport,
  sampleWorkunits,
  sure,
} from './samples.ts'

const never = (error: Error): never => {
  throw error
}

async function testDatabase(): Promise<string> {
  const { url, remove } = await newDatabase(inject('postgresUrl'))
  onTestFinished(remove)
  return url
}

async function testClient(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

test('what is numbered lower is visible first, whatever holds a commit up', async () => {
  const url = await testDatabase()
  const [one, two] = [await openPostgresStore(url, never), await openPostgresStore(url, never)]
  const workunits = []
  for (const name of ['alpha', 'beta']) {
    const batch = sampleBatch(name)
    await one.addBatch(batch)
    await one.addWorkunits(batch.id, 0, sampleWorkunits(1))
    const wish = { owner: 'a', batch: batch.id, limit: 1, now: 0, until: 100 }
    workunits.push(sure((await one.claim(wish))[0]))
  }
  await addSampleHost(one, 1)
  await addSampleHost(one, 2)
  const other = { host: await addSampleHost(one, 2) }

  // The first commit has written its report when it meets this, and its number is taken.
  const client = await testClient(url)
  await client.query("BEGIN; SELECT 1 FROM batches WHERE id = 'alpha' FOR UPDATE")
  const first = one.commit([sampleCommit(sampleReport(1, 0), [sure(workunits[0])])])
  await waitForLock(await testClient(url), 1)
  const second = two.commit([sampleCommit(sampleReport(2, 0, other), [sure(workunits[1])])])
  await Promise.race([second, sleep(500)])
  const before = await two.reports({ limit: 9 })
  await client.query('ROLLBACK')
  await Promise.all([first, second])
  const after = await two.reports({ limit: 9 })
  expect(after.map(({ id }) => id)).toEqual([1, 2])
  expect(after.slice(0, before.length)).toEqual(before)
  await Promise.all([one.close(), two.close()])
})

test('a coordinator that falls silent in the middle of a commit does not stop the others', async () => {
  const url = await testDatabase()
  const broken: Error[] = []
  const silent = await connect(url, (error) => broken.push(error))
  const other = await openPostgresStore(url, never)
  await addSampleHost(other, 1)
  const holding = Promise.withResolvers<void>()
  const commit = silent.transaction(async (transaction) => {
    await transaction.rows('SELECT 1 FROM totals FOR NO KEY UPDATE')
    holding.resolve()
    await new Promise((resolve) => setTimeout(resolve, 60_000).unref())
  })
  await holding.promise
  await other.commit([sampleCommit(sampleReport(1, 0))])
  expect(await other.totals()).toMatchObject({ reports: 1 })
  expect(broken.map(String).join()).toContain('idle-in-transaction timeout')
  commit.catch(() => {})
  await other.close()
})

test('readers, however many and slow, keep no commit waiting', async () => {
  const url = await testDatabase()
  const db = await connect(url, never)
  const slow = Array.from({ length: 20 }, () => db.rows('SELECT pg_sleep(0.5)'))
  const readers = Promise.all(slow)
  const commit = db.transaction((transaction) => transaction.rows('SELECT 1'))
  const first = await Promise.race([readers.then(() => 'readers'), commit.then(() => 'commit')])
  expect(first).toBe('commit')
  await readers
  await db.close()
})

test('a commit that PostgreSQL ends because two wait for each other is written after all', async () => {
  const url = await testDatabase()
  const db = await connect(url, never)
  await db.transaction((transaction) =>
    transaction.script('CREATE TABLE pair (id int, n int); INSERT INTO pair VALUES (1, 0), (2, 0)'),
  )
  const add = 'UPDATE pair SET n = n + 1 WHERE id = $1'
  const bothBegan = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let runs = 0
  const work = (mine: number, theirs: number) =>
    db.transaction(async (transaction) => {
      runs++
      await transaction.rows(add, [mine])
      bothBegan[mine - 1]?.resolve()
      await Promise.all(bothBegan.map(({ promise }) => promise))
      await transaction.rows(add, [theirs])
    })
  await Promise.all([work(1, 2), work(2, 1)])
  expect(runs).toBe(3)
  expect(await db.rows('SELECT n FROM pair')).toEqual([{ n: 2 }, { n: 2 }])
  await db.close()
})

test('what is acknowledged is flushed, whatever the database would do by default', async () => {
  const url = new URL(await testDatabase())
  const options = url.searchParams.get('options') ?? ''
  url.searchParams.set('options', `${options} -c synchronous_commit=off`)
  const db = await connect(url.href, never)
  const level = await db.transaction((transaction) => transaction.rows('SHOW synchronous_commit'))
  expect(level).toEqual([{ synchronous_commit: 'on' }])
  await db.close()
})

test('a database that is away is said to be, and answers when it is back', async () => {
  const postgres = await startPostgres()
  onTestFinished(() => postgres.stop())
  const store = await openPostgresStore(postgres.url, () => {})
  const batch = sampleBatch('alpha')
  await store.addBatch(batch)
  await postgres.kill()
  await expect(store.batch(batch.id)).rejects.toThrow(StoreUnavailableError)
  await expect(store.commit([sampleCommit(sampleReport(1, 0))])).rejects.toThrow(
    StoreUnavailableError,
  )
  await postgres.restart()
  expect(await store.batch(batch.id)).toMatchObject(batch)
  await store.close()
})

test('a database that a newer build wrote is refused and left as it is', async () => {
  const url = await testDatabase()
  const db = await connect(url, never)
  const known = postgresMigrations()
  expect(known.map(({ number }) => number)).toEqual(known.map((_, i) => i + 1))
  const next = { number: known.length + 1, name: 'next.sql', sql: 'CREATE TABLE more (x int)' }
  await migrate(db, [...known, next])
  await expect(openPostgresStore(url, never)).rejects.toThrow(StoreTooNewError)
  const recorded = await db.rows('SELECT name FROM migrations ORDER BY number')
  expect(recorded).toEqual([...known, next].map(({ name }) => ({ name })))
  await db.close()
})

test('a migration that fails leaves nothing behind', async () => {
  const db = await connect(await testDatabase(), never)
  const broken = { number: 1, name: 'broken.sql', sql: 'CREATE TABLE half (x int); SELECT 1 / 0' }
  await expect(migrate(db, [broken])).rejects.toThrow('division by zero')
  const tables = "SELECT to_regclass('half') AS half, to_regclass('migrations') AS migrations"
  expect(await db.rows(tables)).toEqual([{ half: null, migrations: null }])
  await db.close()
})

test.each([
  ['nobody listens there', (url: URL) => void (url.port = '1')],
  ['there is no such database', (url: URL) => void (url.pathname = '/nowhere')],
  ['there is no such user', (url: URL) => void (url.username = 'stranger')],
])('where %s, an error says where and what to do, and no password', async (_, change) => {
  const url = new URL(inject('postgresUrl'))
  url.password = 'secret-word'
  change(url)
  const error: unknown = await openPostgresStore(url.href, never).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(DatabaseUnreachableError)
  expect(String(error)).toContain('Check DATABASE_URL')
  expect(String(error)).toContain(`127.0.0.1:${url.port}${url.pathname}`)
  expect(JSON.stringify(error) + String(error)).not.toContain('secret-word')
})

test('a database that does not keep text as UTF-8 is refused', async () => {
  const client = await testClient(inject('postgresUrl'))
  const name = `weft_ascii_${process.pid}`
  await client.query(`CREATE DATABASE ${name} ENCODING 'SQL_ASCII' TEMPLATE template0`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  await expect(openPostgresStore(url.href, never)).rejects.toThrow(DatabaseUnsuitableError)
  await client.query(`DROP DATABASE ${name}`)
})

/** Until so many wait for a lock. @param client not in a transaction: there it would see the same activity all the time */
async function waitForLock(client: pg.Client, count: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const { rows } = await client.query(
          "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE batches%'",
        )
        return rows.length
      },
      { timeout: 20_000 },
    )
    .toBe(count)
}
