import { claimedWorkunitOf } from '../../rows.ts'
import type { ClaimedWorkunit, Store } from '../../store.ts'
import { workunitColumns } from '../columns.ts'
import type { Database, Transaction } from '../database.ts'
import { keysOf, placesOf } from './batchNumbers.ts'

/** The epoch as it will be. */
const COLUMNS = `${workunitColumns}, epoch + 1 AS epoch`

/**
 * Free is what nobody holds, whose time is over, or that this owner's earlier life claimed. What another coordinator is
 * claiming or writing at this moment is passed over: so claims never wait for each other.
 */
const FREE = `
  SELECT ${COLUMNS} FROM workunits
  WHERE batch = (SELECT no FROM batches WHERE id = $1 AND state <> 'cancelled') AND finished_no IS NULL
    AND (owner IS NULL OR held_until <= $2 OR (owner = $3 AND opening <> $4))
  ORDER BY position LIMIT $5 FOR UPDATE SKIP LOCKED`

const THESE = `
  SELECT ${COLUMNS}
  FROM unnest($1::bigint[], $2::bigint[]) AS wanted (no, place)
    JOIN workunits ON workunits.batch = wanted.no AND position = place
  WHERE finished_no IS NULL AND (SELECT state FROM batches WHERE no = workunits.batch) <> 'cancelled'
  ORDER BY workunits.batch, position FOR UPDATE OF workunits`

const TAKE = `
  UPDATE workunits SET epoch = epoch + 1, owner = $3, opening = $4, held_until = $5
  FROM unnest($1::bigint[], $2::bigint[]) AS taken (no, place)
  WHERE batch = taken.no AND position = place`

export function claim(
  db: Database,
  { owner, batch, limit, now, until }: Parameters<Store['claim']>[0],
): Promise<ClaimedWorkunit[]> {
  const { opening } = db
  return db.transaction(async (connection) => {
    const rows = await connection.rows(FREE, [batch, now, owner, opening, limit])
    const free = rows.map(claimedWorkunitOf)
    await take(connection, free, [owner, opening, until])
    return free
  })
}

export function claimThese(
  db: Database,
  { owner, workunits, until }: Parameters<Store['claimThese']>[0],
): Promise<ClaimedWorkunit[]> {
  return db.transaction(async (connection) => {
    const places = await placesOf(connection, workunits)
    const rows = await connection.rows(THESE, keysOf(places))
    const found = new Map(rows.map(claimedWorkunitOf).map((one) => [one.id, one]))
    await take(connection, [...found.values()], [owner, db.opening, until])
    return [...new Set(workunits)].flatMap((id) => found.get(id) ?? [])
  })
}

async function take(
  connection: Transaction,
  workunits: readonly ClaimedWorkunit[],
  holder: readonly [owner: string, opening: string, until: number],
): Promise<void> {
  if (workunits.length === 0) return
  const ids = workunits.map(({ id }) => id)
  await connection.rows(TAKE, [...keysOf(await placesOf(connection, ids)), ...holder])
}
