import * as v from 'valibot'
import { NotFoundError } from '../../../../protocol/errors.ts'
import type { HostId } from '../../../../protocol/ids.ts'
import type { Database } from '../database.ts'

const GET = 'SELECT no FROM hosts WHERE id = :id'
const row = v.object({ no: v.number() })

/**
 * The number by which rows point at a host.
 * @throws NotFoundError
 */
export function hostNo(db: Database, id: HostId): number {
  const found = db.statement(GET).get({ id })
  if (!found) throw new NotFoundError('host', id)
  return v.parse(row, found).no
}
