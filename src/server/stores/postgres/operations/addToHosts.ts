import * as v from 'valibot'
import { NotFoundError } from '../../../../protocol/errors.ts'
import { hostIdSchema, type HostId } from '../../../../protocol/ids.ts'
import type { ReportSums } from '../../groupSums.ts'
import type { Commit } from '../../store.ts'
import type { Connection } from '../database.ts'

const FIND = 'SELECT no, id FROM hosts WHERE id = ANY ($1)'
const rows = v.array(v.object({ no: v.number(), id: hostIdSchema }))

const ADD = `
  UPDATE hosts SET slices = hosts.slices + more.slices, items = hosts.items + more.items,
    credit_reported = hosts.credit_reported + more.credit_reported,
    credit_final = hosts.credit_final + more.credit_final
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
    AS more (no, slices, items, credit_reported, credit_final)
  WHERE hosts.no = more.no`

/** The numbers by which rows point at hosts. */
export type HostNumbers = ReadonlyMap<HostId, number>

/**
 * Adds to the counters of those who reported.
 * @returns the numbers of all hosts that the commits name
 * @throws NotFoundError when one of them never said hello here
 */
export async function addToHosts(
  connection: Connection,
  commits: readonly Commit[],
  sums: ReadonlyMap<HostId, ReportSums>,
): Promise<HostNumbers> {
  const named = new Set([
    ...sums.keys(),
    ...commits.flatMap(({ results }) => results.map(({ host }) => host)),
  ])
  const found = v.parse(rows, await connection.rows(FIND, [[...named]]))
  const numbers = new Map(found.map(({ id, no }) => [id, no]))
  for (const id of named) if (!numbers.has(id)) throw new NotFoundError('host', id)
  const all = [...sums.values()]
  await connection.rows(ADD, [
    [...sums.keys()].map((id) => numbers.get(id) ?? null),
    all.map(({ slices }) => slices),
    all.map(({ items }) => items),
    all.map(({ creditReported }) => creditReported),
    all.map(({ creditFinal }) => creditFinal),
  ])
  return numbers
}
