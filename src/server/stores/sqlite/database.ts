import { randomUUID } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** An open database that every operation is handed. */
export interface Database {
  /** Names this opening of the store: claims made through another one with the same owner are of an earlier life. */
  readonly opening: string
  /** Prepared once for each text. */
  statement(sql: string): StatementSync
  /** Every statement prepared so far. */
  prepared(): readonly string[]
  /** All that `work` writes, or nothing; durable when it returns. Transactions do not nest. */
  transaction<Result>(work: () => Result): Result
}

export function databaseOn(connection: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>()
  const statement = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? connection.prepare(sql)
    statements.set(sql, known)
    return known
  }
  return {
    opening: randomUUID(),
    statement,
    prepared: () => [...statements.keys()],
    transaction(work) {
      connection.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        connection.exec('COMMIT')
        return result
      } catch (error) {
        // A full disk, say, has rolled back already.
        if (connection.isTransaction) connection.exec('ROLLBACK')
        throw error
      }
    },
  }
}
