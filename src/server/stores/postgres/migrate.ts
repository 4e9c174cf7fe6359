import * as v from 'valibot'
import { StoreTooNewError } from '../errors.ts'
import { readMigrations, type Migration } from '../migrations.ts'
import type { Database } from './database.ts'

const FOLDER = new URL('./migrations/', import.meta.url)
/** The migrations of this build. */
export const postgresMigrations = (): Migration[] => readMigrations(FOLDER)

/** Any number that no other program on the same database has its eye on: `weft` in ASCII. */
const LOCK = 0x77656674

const LAST = 'SELECT coalesce(max(number), 0) AS number FROM migrations'
const row = v.object({ number: v.number() })
const RECORD = 'INSERT INTO migrations (number, name, applied_at) VALUES ($1, $2, $3)'

/**
 * Brings the database up to the last of `migrations`: all that are missing in one transaction, each recorded. Coordinators that start
 * at once take turns, by a lock that ends with the transaction.
 *
 * @throws StoreTooNewError when a newer build was here; nothing is touched then
 */
export async function migrate(
  db: Database,
  migrations: readonly Migration[] = postgresMigrations(),
): Promise<void> {
  await db.transaction(async (connection) => {
    await connection.rows('SELECT pg_advisory_xact_lock($1)', [LOCK])
    await connection.rows(
      'CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL)',
    )
    const [last] = await connection.rows(LAST)
    const found = v.parse(row, last).number
    const known = migrations.at(-1)?.number ?? 0
    if (found > known) throw new StoreTooNewError('The database', found, known)
    for (const { number, name, sql } of migrations) {
      if (number <= found) continue
      await connection.script(sql)
      await connection.rows(RECORD, [number, name, Date.now()])
    }
  })
}
