import { AlreadyExistsError } from '../../../../protocol/errors.ts'
import type { NewBatch } from '../../store.ts'
import type { Connection } from '../database.ts'

const ADD = `
  INSERT INTO batches (id, kind, app, version, title, created_at, epsilon)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (id) DO NOTHING RETURNING no`

export async function addBatch(db: Connection, batch: NewBatch): Promise<void> {
  const { id, kind, app, version, title, createdAt, epsilon } = batch
  const added = await db.rows(ADD, [id, kind, app, version, title, createdAt, epsilon])
  if (added.length === 0) throw new AlreadyExistsError('batch', id)
}
