import { AlreadyExistsError } from '../../../../protocol/errors.ts'
import type { NewBatch } from '../../store.ts'
import type { Database } from '../database.ts'

const ADD = `
  INSERT INTO batches (id, kind, app, version, title, created_at)
  VALUES (:id, :kind, :app, :version, :title, :createdAt)
  ON CONFLICT (id) DO NOTHING`

export function addBatch(db: Database, batch: NewBatch): void {
  const { id, kind, app, version, title, createdAt } = batch
  const { changes } = db.statement(ADD).run({ id, kind, app, version, title, createdAt })
  if (changes === 0) throw new AlreadyExistsError('batch', id)
}
