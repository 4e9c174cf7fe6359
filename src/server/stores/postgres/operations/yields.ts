import type { HostId } from '../../../../protocol/ids.ts'
import type { HostYield } from '../../groupSums.ts'
import { yieldOf } from '../../rows.ts'
import type { Yield } from '../../store.ts'
import type { Connection } from '../database.ts'
import type { HostNumbers } from './addToHosts.ts'

const ADD = `
  INSERT INTO yields (host, app, version, expected, found)
  SELECT host, app, version, expected, found
  FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::double precision[], $5::bigint[])
    AS more (host, app, version, expected, found)
  ON CONFLICT (host, app, version)
  DO UPDATE SET expected = yields.expected + excluded.expected, found = yields.found + excluded.found`

const LIST = `
  SELECT app, version, expected, found FROM yields
  WHERE host = (SELECT no FROM hosts WHERE id = $1) ORDER BY app, version`

/** Inside a transaction that holds the totals. */
export async function addToYields(
  connection: Connection,
  sums: readonly HostYield[],
  hosts: HostNumbers,
): Promise<void> {
  if (sums.length === 0) return
  await connection.rows(ADD, [
    sums.map(({ host }) => hosts.get(host) ?? null),
    sums.map(({ app }) => app),
    sums.map(({ version }) => version),
    sums.map(({ expected }) => expected),
    sums.map(({ found }) => found),
  ])
}

export async function yields(db: Connection, host: HostId): Promise<Yield[]> {
  return (await db.rows(LIST, [host])).map(yieldOf)
}
