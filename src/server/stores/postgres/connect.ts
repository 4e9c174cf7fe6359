import pg from 'pg'
import * as v from 'valibot'
import { DatabaseUnreachableError, DatabaseUnsuitableError } from '../errors.ts'
import { databaseOn, type Database } from './database.ts'

/** Connections of one coordinator: one commits at a time, the others answer questions meanwhile. */
const MAX_CONNECTIONS = 8
const CONNECT_MS = 10_000
/** The first that has what is used here; older ones get no more corrections. */
const OLDEST_VERSION = 140_000

const settingsRow = v.object({
  version: v.pipe(v.string(), v.transform(Number)),
  encoding: v.string(),
})
const SETTINGS = `
  SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding`

/** What is acknowledged must outlive a power cut, whatever the server's default is; a default that asks for more stays. */
const DURABLE = `
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
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'weft',
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, though its types do not say so
    onConnect: (client) => client.query(DURABLE),
  })
  // A connection in use may break between two questions, and nobody else would hear it then; what the pool hears is the same.
  pool.on('connect', (client) => client.on('error', lost))
  pool.on('error', () => {})
  try {
    const { rows } = await pool.query(SETTINGS).catch((cause: unknown) => {
      throw new DatabaseUnreachableError(addressIn(url), reasonOf(cause), { cause })
    })
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
    return databaseOn(pool)
  } catch (error) {
    await pool.end()
    throw error
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
