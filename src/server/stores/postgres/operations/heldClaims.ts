import * as v from 'valibot'
import { batchIdSchema, workunitIdOf, type WorkunitId } from '../../../../protocol/ids.ts'
import type { Connection, Database } from '../database.ts'

/** Locked in the order in which everybody locks workunits, so that nobody waits in a circle. */
const MINE = `
  SELECT (SELECT id FROM batches WHERE no = workunits.batch) AS batch, position FROM workunits
  WHERE owner = $1 AND opening = $2 ORDER BY workunits.batch, position FOR UPDATE`
const rows = v.array(v.object({ batch: batchIdSchema, position: v.number() }))

const RENEW = 'UPDATE workunits SET held_until = $3 WHERE owner = $1 AND opening = $2'

const ALL_MINE = `
  SELECT 1 FROM workunits WHERE owner = $1 ORDER BY batch, position FOR UPDATE`
const RELEASE = `
  UPDATE workunits SET owner = NULL, opening = NULL, held_until = NULL WHERE owner = $1`

export function renewClaims(db: Database, owner: string, until: number): Promise<WorkunitId[]> {
  const mine = [owner, db.opening]
  return db.transaction(async (connection) => {
    const held = v.parse(rows, await connection.rows(MINE, mine))
    await connection.rows(RENEW, [...mine, until])
    return held.map(({ batch, position }) => workunitIdOf(batch, position))
  })
}

export async function releaseClaims(db: Database, owner: string): Promise<void> {
  await db.transaction(async (connection: Connection) => {
    await connection.rows(ALL_MINE, [owner])
    await connection.rows(RELEASE, [owner])
  })
}
