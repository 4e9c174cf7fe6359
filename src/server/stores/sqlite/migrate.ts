import type { DatabaseSync } from 'node:sqlite'
import * as v from 'valibot'
import { StoreTooNewError } from '../errors.ts'
import { readMigrations, type Migration } from '../migrations.ts'

const FOLDER = new URL('./migrations/', import.meta.url)

/** The migrations of this build. */
export const sqliteMigrations = (): Migration[] => readMigrations(FOLDER)

/**
 * Brings the database up to the last of `migrations`: all that are missing in one transaction, each recorded.
 * @param path for messages
 * @throws StoreTooNewError when a newer build was here; nothing is touched then
 */
export function migrate(
  connection: DatabaseSync,
  path: string,
  migrations: readonly Migration[] = sqliteMigrations(),
): void {
  connection.exec('BEGIN IMMEDIATE')
  try {
    connection.exec(
      `CREATE TABLE IF NOT EXISTS migrations (
         number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL
       ) STRICT`,
    )
    const found = lastApplied(connection)
    const known = migrations.at(-1)?.number ?? 0
    if (found > known) throw new StoreTooNewError(path, found, known)
    const record = connection.prepare(
      'INSERT INTO migrations (number, name, applied_at) VALUES (?, ?, ?)',
    )
    for (const { number, name, sql } of migrations) {
      if (number <= found) continue
      connection.exec(sql)
      record.run(number, name, Date.now())
    }
    connection.exec('COMMIT')
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK')
    throw error
  }
}

function lastApplied(connection: DatabaseSync): number {
  const row = connection.prepare('SELECT max(number) AS number FROM migrations').get()
  return v.parse(v.object({ number: v.nullable(v.number()) }), row).number ?? 0
}
