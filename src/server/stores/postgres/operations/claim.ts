import type { WorkunitId } from '../../../../protocol/ids.ts'
import { claimedWorkunitOf } from '../../rows.ts'
import type { ClaimedWorkunit, Store } from '../../store.ts'
import { workunitPlace } from '../../workunitPlace.ts'
import { workunitColumns } from '../columns.ts'
import type { Database, Transaction } from '../database.ts'

/** The epoch as it will be. */
const COLUMNS = `${workunitColumns}, epoch + 1 AS epoch`

/**
 * Free is what nobody holds, whose time is over, or that this owner's earlier life claimed. What another coordinator is
 * claiming or writing at this moment is passed over: so claims never wait for each other.
 */
const FREE = `
  SELECT ${COLUMNS} FROM batches JOIN workunits ON workunits.batch = batches.no
  WHERE batches.id = $1 AND state <> 'cancelled' AND finished_no IS NULL
    AND (owner IS NULL OR held_until <= $2 OR (owner = $3 AND opening <> $4))
  ORDER BY position LIMIT $5 FOR UPDATE OF workunits SKIP LOCKED`

/** In one order for everybody, so that nobody waits in a circle. */
const THESE = `
  SELECT ${COLUMNS}
  FROM unnest($1::text[], $2::bigint[]) AS wanted (id, place)
    JOIN batches ON batches.id = wanted.id
    JOIN workunits ON workunits.batch = batches.no AND position = place
  WHERE state <> 'cancelled' AND finished_no IS NULL
  ORDER BY batch, position FOR UPDATE OF workunits`

const TAKE = `
  UPDATE workunits SET epoch = epoch + 1, owner = $1, opening = $2, held_until = $3
  FROM unnest($4::text[], $5::bigint[]) AS taken (id, place) JOIN batches ON batches.id = taken.id
  WHERE batch = batches.no AND position = place`

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
  const ids = [...new Set(workunits)]
  return db.transaction(async (connection) => {
    const rows = await connection.rows(THESE, placesOf(ids))
    const found = new Map(rows.map(claimedWorkunitOf).map((one) => [one.id, one]))
    await take(connection, [...found.values()], [owner, db.opening, until])
    return ids.flatMap((id) => found.get(id) ?? [])
  })
}

async function take(
  connection: Transaction,
  workunits: readonly ClaimedWorkunit[],
  holder: readonly [owner: string, opening: string, until: number],
): Promise<void> {
  if (workunits.length === 0) return
  await connection.rows(TAKE, [...holder, ...placesOf(workunits.map(({ id }) => id))])
}

/** Batch ids and positions, as two columns. */
function placesOf(ids: readonly WorkunitId[]): [string[], number[]] {
  const places = ids.map(workunitPlace)
  return [places.map(({ batch }) => batch), places.map(({ position }) => position)]
}
