import { createHash, randomUUID } from 'node:crypto'
import { WeftError } from '../../../protocol/errors.ts'
import { StoreUnavailableError } from '../errors.ts'
import type { BatchId } from '../../../protocol/ids.ts'
import type { Pool, PoolClient, QueryResult } from 'pg'

/** What a parameter may be; an array becomes one of PostgreSQL's. */
export type Parameter =
  string | number | bigint | boolean | null | Uint8Array | readonly Parameter[]

/** A connection, in a transaction or by itself, that operations ask. */
export interface Connection {
  /** Of batches, by id: filled as they are asked for, since they never change. */
  readonly batchNumbers: Map<BatchId, number>
  /** Rows as `stores/rows.ts` reads them. Prepared once for each text and connection. */
  rows(sql: string, parameters?: readonly Parameter[]): Promise<unknown[]>
}

/** A connection in a transaction. */
export interface Transaction extends Connection {
  /** Runs several statements without parameters. */
  script(sql: string): Promise<void>
}

/** An open database that every operation is handed. */
export interface Database extends Connection {
  /** Names this opening of the store: claims made through another one with the same owner are of an earlier life. */
  readonly opening: string
  /**
   * All that `work` writes, or nothing; durable when it resolves. Where PostgreSQL ends it because others wait in a circle, `work`
   * runs again from the start: it must have no effects but those.
   */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

type Outcome<Result> =
  | { readonly status: 'done'; readonly result: Result }
  | { readonly status: 'failed'; readonly error: unknown; readonly broken: boolean }

/** Deadlock, and a serialization failure where the server's defaults ask for more than READ COMMITTED. */
const TRY_AGAIN = new Set(['40P01', '40001'])
const MAX_TRIES = 5

/** @param pools one for transactions, and one for everything else, so that neither waits for the other */
export function databaseOn(pools: {
  readonly transactions: Pool
  readonly questions: Pool
}): Database {
  const names = new Map<string, string>()
  const batchNumbers = new Map<BatchId, number>()
  const ask = async (
    client: Pick<PoolClient, 'query'>,
    sql: string,
    parameters: readonly Parameter[],
  ): Promise<unknown[]> => {
    const name =
      names.get(sql) ?? `weft_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`
    names.set(sql, name)
    try {
      const query = { name, text: sql, values: [...parameters] }
      const result: QueryResult = await client.query(query)
      return result.rows
    } catch (cause) {
      throw asUnavailable(cause)
    }
  }

  async function attempt<Result>(
    client: PoolClient,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Outcome<Result>> {
    try {
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
      const result = await work({
        batchNumbers,
        rows: (sql, parameters = []) => ask(client, sql, parameters),
        script: async (sql) => void (await client.query(sql)),
      })
      await client.query('COMMIT')
      return { status: 'done', result }
    } catch (error) {
      // A connection that cannot even roll back is broken, and goes; why the work failed matters more than that.
      const broken = await client.query('ROLLBACK').then(
        () => false,
        () => true,
      )
      return { status: 'failed', error, broken }
    }
  }

  return {
    batchNumbers,
    opening: randomUUID(),
    rows: (sql, parameters = []) => ask(pools.questions, sql, parameters),
    async transaction(work) {
      for (let tries = 1; ; tries++) {
        const client = await pools.transactions.connect().catch((cause: unknown) => {
          throw asUnavailable(cause)
        })
        const outcome = await attempt(client, work)
        client.release(outcome.status === 'failed' && outcome.broken)
        if (outcome.status === 'done') return outcome.result
        const code = codeOf(outcome.error)
        if (code === undefined || !TRY_AGAIN.has(code) || tries === MAX_TRIES) throw outcome.error
      }
    },
    async close() {
      await Promise.all([pools.transactions.end(), pools.questions.end()])
    },
  }
}

/**
 * What PostgreSQL did not say itself (the line broke, nobody listens, it took too long), and what it says when it stops, starts or is
 * full (classes 08, 53 and 57): the same question may be answered another time. Anything else as it is.
 */
function asUnavailable(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof WeftError) return cause
  const code = codeOf(cause)
  if (code !== undefined && !/^(08|53|57)/.test(code)) return cause
  return new StoreUnavailableError(cause.message || cause.name, { cause })
}

/** PostgreSQL's own code for what went wrong, five characters; undefined for anything that the server did not say. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}
