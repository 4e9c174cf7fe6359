import { AlreadyExistsError } from '../../../../protocol/errors.ts'
import type { NewBatch } from '../../store.ts'
import type { Database } from '../database.ts'

const ADD = `
  INSERT INTO batches (id, kind, app, version, title, created_at, epsilon)
  VALUES (:id, :kind, :app, :version, :title, :createdAt, :epsilon)
  ON CONFLICT (id) DO NOTHING`

export function addBatch(db: Database, batch: NewBatch): void {
  const { id, kind, app, version, title, createdAt, epsilon } = batch
  const row = { id, kind, app, version, title, createdAt, epsilon }
  if (db.statement(ADD).run(row).changes === 0) throw new AlreadyExistsError('batch', id)
}
