import * as v from 'valibot'
import { batchIdSchema, workunitIdOf, type WorkunitId } from '../../../../protocol/ids.ts'
import { workunitPlace } from '../../workunitPlace.ts'
import type { Database } from '../database.ts'

const MINE = `
  SELECT (SELECT id FROM batches WHERE no = workunits.batch) AS batch, position
  FROM workunits WHERE owner = :owner AND opening = :opening`
const row = v.object({ batch: batchIdSchema, position: v.number() })

const PLACE = `
  WHERE batch = (SELECT no FROM batches WHERE id = :batch) AND position = :position`
const RENEW = `UPDATE workunits SET held_until = :until ${PLACE}`
const FREE = 'owner = NULL, opening = NULL, held_until = NULL'
const RELEASE_ONE = `UPDATE workunits SET ${FREE} ${PLACE}`
const RELEASE = `UPDATE workunits SET ${FREE} WHERE owner = :owner`

export function renewClaims(
  db: Database,
  owner: string,
  until: number,
  held: readonly WorkunitId[],
): WorkunitId[] {
  const wanted = new Set(held)
  return db.transaction(() => {
    const mine = db
      .statement(MINE)
      .all({ owner, opening: db.opening })
      .map((one) => {
        const { batch, position } = v.parse(row, one)
        return workunitIdOf(batch, position)
      })
    for (const id of mine) {
      if (wanted.has(id)) db.statement(RENEW).run({ until, ...workunitPlace(id) })
      else db.statement(RELEASE_ONE).run({ ...workunitPlace(id) })
    }
    return mine.filter((id) => wanted.has(id))
  })
}

export function releaseClaims(db: Database, owner: string): void {
  db.statement(RELEASE).run({ owner })
}
