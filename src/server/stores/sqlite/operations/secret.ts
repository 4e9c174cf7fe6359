import { randomBytes } from 'node:crypto'
import * as v from 'valibot'
import type { Database } from '../database.ts'

const ADD = 'INSERT INTO secrets (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING'
const GET = 'SELECT value FROM secrets WHERE name = :name'
const row = v.object({ value: v.instance(Uint8Array) })

export function secret(db: Database, name: string): Uint8Array {
  const known = db.statement(GET).get({ name })
  if (known) return v.parse(row, known).value
  db.statement(ADD).run({ name, value: randomBytes(32) })
  return v.parse(row, db.statement(GET).get({ name })).value
}
