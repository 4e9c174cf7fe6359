import pg from 'pg'
import * as v from 'valibot'
import { DatabaseUnreachableError, DatabaseUnsuitableError } from '../errors.ts'
import { databaseOn, type Database } from './database.ts'

/** Connections of one coordinator: transactions have theirs, so that no reader, however slow, keeps a commit waiting. */
const MAX_CONNECTIONS = { transactions: 3, questions: 5 } as const
const CONNECT_MS = 10_000
/** The first that has what is used here; older ones get no more corrections. */
const OLDEST_VERSION = 140_000

const settingsRow = v.object({
  version: v.pipe(v.string(), v.transform(Number)),
  encoding: v.string(),
})
const SETTINGS = `
  SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding`

/** Longest time without a word in the middle of a transaction, ms: a coordinator that is alive is never silent so long. */
const SILENCE_MS = 5_000
/** Longest time that one question may take, ms; most take less than one. */
const QUESTION_MS = 30_000

/**
 * What every connection begins with. A coordinator that is paused, or whose machine or network is gone, must not hold up the others:
 * its transaction is rolled back when it has been silent, and its connection given up when the network swallows what is sent. And
 * what is acknowledged must outlive a power cut, whatever the server's default is; a default that asks for more stays.
 */
const SESSION = `
  SET idle_in_transaction_session_timeout = ${SILENCE_MS};
  SET statement_timeout = ${QUESTION_MS};
  SET tcp_user_timeout = ${2 * SILENCE_MS};
  SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`

/** PostgreSQL's own numbers of these types. */
const INT8: number = pg.types.builtins.INT8
const BYTEA: number = pg.types.builtins.BYTEA

/** Integers as numbers, bytes as plain bytes. Whatever may pass 2^53 - 1 is asked for as text. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8) return Number
    const parse = pg.types.getTypeParser(oid, format)
    if (oid !== BYTEA) return parse
    return (text: string) => new Uint8Array(parse(text) as Buffer)
  },
}

/**
 * Opens the database that the URL names. Every connection says who it is (`weft`) in PostgreSQL's list of activity.
 *
 * @param lost called when a connection breaks: what was asked over it fails, the next question opens another
 * @throws DatabaseUnreachableError when nobody answers there, or not to this user
 * @throws DatabaseUnsuitableError when it is too old, or keeps text in another encoding than UTF-8
 */
export async function connect(url: string, lost: (error: Error) => void): Promise<Database> {
  const open = (max: number) => {
    const pool = new pg.Pool({
      connectionString: url,
      application_name: 'weft',
      max,
      connectionTimeoutMillis: CONNECT_MS,
      // Longer than the server's, whose error says more; this one is for a server that says nothing.
      query_timeout: QUESTION_MS + CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: SILENCE_MS,
      types,
      // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, though its types do not say so
      onConnect: (client) => client.query(SESSION),
    })
    // A connection in use may break between two questions, and nobody else would hear it then; what the pool hears is the same.
    pool.on('connect', (client) => client.on('error', lost))
    pool.on('error', () => {})
    return pool
  }
  const transactions = open(MAX_CONNECTIONS.transactions)
  const questions = open(MAX_CONNECTIONS.questions)
  try {
    const rows = await settingsOf(questions, url)
    const { version, encoding } = v.parse(settingsRow, rows[0])
    if (version < OLDEST_VERSION) {
      throw new DatabaseUnsuitableError(
        `it is version ${Math.floor(version / 10_000)}; 14 or newer is needed`,
      )
    }
    if (encoding !== 'UTF8') {
      throw new DatabaseUnsuitableError(
        `it keeps text as ${encoding}; create it with ENCODING 'UTF8'`,
      )
    }
    return databaseOn({ transactions, questions })
  } catch (error) {
    await Promise.all([transactions.end(), questions.end()])
    throw error
  }
}

async function settingsOf(pool: pg.Pool, url: string): Promise<unknown[]> {
  try {
    return (await pool.query(SETTINGS)).rows
  } catch (cause) {
    throw new DatabaseUnreachableError(addressIn(url), reasonOf(cause), { cause })
  }
}

/** Host and database without user and password. */
function addressIn(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url)
  const host = hostname || searchParams.get('host') || 'localhost'
  return `${host}${port ? `:${port}` : ''}${pathname}`
}

function reasonOf(cause: unknown): string {
  const [first] = cause instanceof AggregateError ? (cause.errors as unknown[]) : [cause]
  return first instanceof Error ? first.message : String(first)
}
