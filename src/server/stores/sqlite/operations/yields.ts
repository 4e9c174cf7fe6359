import type { HostId } from '../../../../protocol/ids.ts'
import type { HostYield } from '../../groupSums.ts'
import { yieldOf } from '../../rows.ts'
import type { Yield } from '../../store.ts'
import type { Database } from '../database.ts'
import { hostNo } from './hostNo.ts'

const ADD = `
  INSERT INTO yields (host, app, version, expected, found) VALUES (:host, :app, :version, :expected, :found)
  ON CONFLICT (host, app, version)
  DO UPDATE SET expected = expected + excluded.expected, found = found + excluded.found`

const LIST = `
  SELECT app, version, expected, found FROM hosts CROSS JOIN yields ON yields.host = hosts.no
  WHERE hosts.id = :host ORDER BY app, version`

/** @throws NotFoundError when the host never said hello here */
export function addToYield(db: Database, { host, ...sum }: HostYield): void {
  db.statement(ADD).run({ ...sum, host: hostNo(db, host) })
}

export function yields(db: Database, host: HostId): Yield[] {
  return db.statement(LIST).all({ host }).map(yieldOf)
}
