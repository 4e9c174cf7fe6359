import { randomBytes } from 'node:crypto'
import * as v from 'valibot'
import type { Connection } from '../database.ts'

const ADD = 'INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING'
const GET = 'SELECT value FROM secrets WHERE name = $1'
const rows = v.array(v.object({ value: v.instance(Uint8Array) }))

export async function secret(db: Connection, name: string): Promise<Uint8Array> {
  for (;;) {
    const [known] = v.parse(rows, await db.rows(GET, [name]))
    if (known !== undefined) return known.value
    // Whoever comes first decides; both read it then.
    await db.rows(ADD, [name, randomBytes(32)])
  }
}
