import * as v from 'valibot'
import { batchIdSchema, workunitIdOf, type WorkunitId } from '../../../../protocol/ids.ts'
import type { Database } from '../database.ts'
import { keysOf, placesOf } from './batchNumbers.ts'

/** Locked in the order in which everybody locks workunits, so that nobody waits in a circle. */
const MINE = `
  SELECT (SELECT id FROM batches WHERE no = workunits.batch) AS batch, position FROM workunits
  WHERE owner = $1 AND opening = $2 ORDER BY workunits.batch, position FOR UPDATE`
const ALL_MINE = `
  SELECT (SELECT id FROM batches WHERE no = workunits.batch) AS batch, position FROM workunits
  WHERE owner = $1 ORDER BY workunits.batch, position FOR UPDATE`
const rows = v.array(v.object({ batch: batchIdSchema, position: v.number() }))

const RENEW = `
  UPDATE workunits SET held_until = $3 FROM unnest($1::bigint[], $2::bigint[]) AS kept (no, place)
  WHERE batch = kept.no AND position = place`
const RELEASE = `
  UPDATE workunits SET owner = NULL, opening = NULL, held_until = NULL
  FROM unnest($1::bigint[], $2::bigint[]) AS left_over (no, place)
  WHERE batch = left_over.no AND position = place`

export function renewClaims(
  db: Database,
  owner: string,
  until: number,
  held: readonly WorkunitId[],
): Promise<WorkunitId[]> {
  const wanted = new Set(held)
  return db.transaction(async (connection) => {
    const mine = idsIn(await connection.rows(MINE, [owner, db.opening]))
    const kept = mine.filter((id) => wanted.has(id))
    const others = mine.filter((id) => !wanted.has(id))
    await connection.rows(RENEW, [...keysOf(await placesOf(connection, kept)), until])
    await connection.rows(RELEASE, keysOf(await placesOf(connection, others)))
    return kept
  })
}

export async function releaseClaims(db: Database, owner: string): Promise<void> {
  await db.transaction(async (connection) => {
    const mine = idsIn(await connection.rows(ALL_MINE, [owner]))
    await connection.rows(RELEASE, keysOf(await placesOf(connection, mine)))
  })
}

function idsIn(found: unknown[]): WorkunitId[] {
  return v.parse(rows, found).map(({ batch, position }) => workunitIdOf(batch, position))
}
