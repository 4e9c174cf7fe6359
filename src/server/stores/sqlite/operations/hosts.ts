import type { HostId } from '../../../../protocol/ids.ts'
import type { HostRank, Page, SeenHost, StoredHost } from '../../store.ts'
import type { Database } from '../database.ts'
import { hostOf } from '../../rows.ts'
import { hostColumns } from '../columns.ts'

const ADD = `
  INSERT INTO hosts (id, algorithm, public_key, first_seen_at, last_seen_at)
  VALUES (:id, :algorithm, :publicKey, :seenAt, :seenAt)
  ON CONFLICT (id) DO NOTHING`
const COUNT = 'UPDATE totals SET hosts = hosts + 1'
const SEEN = `
  UPDATE hosts SET last_seen_at = max(last_seen_at, :seenAt) WHERE id = :id RETURNING ${hostColumns}`

const GET = `SELECT ${hostColumns} FROM hosts WHERE id = :id`

const FIRST = `SELECT ${hostColumns} FROM hosts ORDER BY hosts.credit DESC, id LIMIT :limit`
/** The first condition is what the index can seek to; the second leaves out the equals that came before. */
const NEXT = `
  SELECT ${hostColumns} FROM hosts
  WHERE hosts.credit <= :credit AND (hosts.credit < :credit OR id > :id)
  ORDER BY hosts.credit DESC, id LIMIT :limit`

export function upsertHost(db: Database, seen: SeenHost): StoredHost {
  return db.transaction(() => rememberHost(db, seen))
}

/** Inside a transaction. */
export function rememberHost(db: Database, { id, key, seenAt }: SeenHost): StoredHost {
  const { algorithm, publicKey } = key
  const { changes } = db.statement(ADD).run({ id, algorithm, publicKey, seenAt })
  if (changes !== 0) db.statement(COUNT).run()
  return hostOf(db.statement(SEEN).get({ id, seenAt }))
}

export function host(db: Database, id: HostId): StoredHost | undefined {
  const row = db.statement(GET).get({ id })
  return row && hostOf(row)
}

export function hosts(db: Database, { after, limit }: Page<HostRank>): StoredHost[] {
  const rows = after
    ? db.statement(NEXT).all({ credit: after.credit, id: after.id, limit })
    : db.statement(FIRST).all({ limit })
  return rows.map(hostOf)
}
