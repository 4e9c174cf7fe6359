import * as v from 'valibot'
import type { HostId } from '../../../../protocol/ids.ts'
import type { HostKey } from '../../../../protocol/messages.ts'
import { hostOf } from '../../rows.ts'
import type { HostRank, Page, SeenHost, StoredHost } from '../../store.ts'
import { hostColumns } from '../columns.ts'
import type { Connection, Database } from '../database.ts'
import { lockTotals } from './addToTotals.ts'

/** `xmax` is 0 in a row that nobody has updated: it is new. */
const REMEMBER = `
  INSERT INTO hosts (id, algorithm, public_key, first_seen_at, last_seen_at)
  SELECT id, algorithm, public_key, first, last
  FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::bigint[])
    AS seen (id, algorithm, public_key, first, last)
  ON CONFLICT (id) DO UPDATE SET last_seen_at = greatest(hosts.last_seen_at, excluded.last_seen_at)
  RETURNING xmax = 0 AS new`
const rememberedRows = v.array(v.object({ new: v.boolean() }))

const COUNT = 'UPDATE totals SET hosts = hosts + 1'
const GET = `SELECT ${hostColumns} FROM hosts WHERE id = $1`
const FIRST = `SELECT ${hostColumns} FROM hosts ORDER BY credit DESC, id LIMIT $1`
/** The first condition is what the index can seek to; the second leaves out the equals that came before. */
const NEXT = `
  SELECT ${hostColumns} FROM hosts
  WHERE credit <= $1 AND (credit < $1 OR id > $2) ORDER BY credit DESC, id LIMIT $3`

export function upsertHost(db: Database, seen: SeenHost): Promise<StoredHost> {
  return db.transaction(async (connection) => {
    await lockTotals(connection)
    if ((await rememberHosts(connection, [seen])) > 0) await connection.rows(COUNT)
    const [row] = await connection.rows(GET, [seen.id])
    return hostOf(row)
  })
}

interface Visits {
  readonly key: HostKey
  /** When it came first and last, ms since the epoch. */
  readonly first: number
  readonly last: number
}

/** Inside a transaction that holds the totals. @returns how many of them are new, for the totals */
export async function rememberHosts(
  connection: Connection,
  given: readonly SeenHost[],
): Promise<number> {
  const visits = new Map<HostId, Visits>()
  for (const { id, key, seenAt } of given) {
    const { first, last } = visits.get(id) ?? { first: seenAt, last: seenAt }
    visits.set(id, { key, first, last: Math.max(last, seenAt) })
  }
  if (visits.size === 0) return 0
  const ids = [...visits.keys()].toSorted()
  const column = <Value>(of: (host: Visits) => Value) =>
    ids.flatMap((id) => visits.get(id) ?? []).map(of)
  const remembered = await connection.rows(REMEMBER, [
    ids,
    column(({ key }) => key.algorithm),
    column(({ key }) => key.publicKey),
    column(({ first }) => first),
    column(({ last }) => last),
  ])
  return v.parse(rememberedRows, remembered).filter((row) => row.new).length
}

export async function host(db: Connection, id: HostId): Promise<StoredHost | undefined> {
  const [row] = await db.rows(GET, [id])
  return row === undefined ? undefined : hostOf(row)
}

export async function hosts(
  db: Connection,
  { after, limit }: Page<HostRank>,
): Promise<StoredHost[]> {
  const rows = after
    ? await db.rows(NEXT, [after.credit, after.id, limit])
    : await db.rows(FIRST, [limit])
  return rows.map(hostOf)
}
