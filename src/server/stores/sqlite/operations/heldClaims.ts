import * as v from 'valibot'
import { batchIdSchema, workunitIdOf, type WorkunitId } from '../../../../protocol/ids.ts'
import type { Database } from '../database.ts'

const RENEW = `
  UPDATE workunits SET held_until = :until WHERE owner = :owner AND opening = :opening
  RETURNING (SELECT id FROM batches WHERE no = workunits.batch) AS batch, position`
const row = v.object({ batch: batchIdSchema, position: v.number() })

const RELEASE = `
  UPDATE workunits SET owner = NULL, opening = NULL, held_until = NULL WHERE owner = :owner`

export function renewClaims(db: Database, owner: string, until: number): WorkunitId[] {
  const renewed = db.statement(RENEW).all({ owner, until, opening: db.opening })
  return renewed.map((one) => {
    const { batch, position } = v.parse(row, one)
    return workunitIdOf(batch, position)
  })
}

export function releaseClaims(db: Database, owner: string): void {
  db.statement(RELEASE).run({ owner })
}
