import type { Database } from '../database.ts'

const RENEW = `UPDATE workunits SET held_until = :until WHERE owner = :owner AND opening = :opening`

const RELEASE = `
  UPDATE workunits SET owner = NULL, opening = NULL, held_until = NULL WHERE owner = :owner`

export function renewClaims(db: Database, owner: string, until: number): void {
  db.statement(RENEW).run({ owner, until, opening: db.opening })
}

export function releaseClaims(db: Database, owner: string): void {
  db.statement(RELEASE).run({ owner })
}
