import * as v from 'valibot'
import { NotFoundError } from '../../../../protocol/errors.ts'
import { batchIdSchema, workunitIdOf } from '../../../../protocol/ids.ts'
import { canonicalJson } from '../../../../protocol/statement.ts'
import type { Commit } from '../../store.ts'
import { workunitPlace } from '../../workunitPlace.ts'
import type { Connection } from '../database.ts'
import type { HostNumbers } from './addToHosts.ts'

const WORKUNITS = `
  SELECT batches.id AS batch, batch AS no, position
  FROM unnest($1::text[], $2::bigint[]) AS wanted (id, place)
    JOIN batches ON batches.id = wanted.id
    JOIN workunits ON workunits.batch = batches.no AND position = place`
const workunitRows = v.array(
  v.object({ batch: batchIdSchema, no: v.number(), position: v.number() }),
)

/** In the order given: the ids that rows get are their order of arrival. */
const ADD = `
  INSERT INTO results (batch, position, host, state, found_at, output, output_hash)
  SELECT batch, place, host, state, found_at, output, sha256(convert_to(output, 'UTF8'))
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[]) WITH ORDINALITY
    AS new (batch, place, host, state, found_at, output, at)
  ORDER BY at
  ON CONFLICT (batch, position, output_hash) DO NOTHING RETURNING batch`
const addedRows = v.array(v.object({ batch: v.number() }))

/**
 * Keeps each output once, whoever reports it how often.
 * @returns how many results there are more, by batch number
 * @throws NotFoundError when a workunit is unknown
 */
export async function addResults(
  connection: Connection,
  commits: readonly Commit[],
  hosts: HostNumbers,
): Promise<ReadonlyMap<number, number>> {
  const results = commits.flatMap((commit) => commit.results)
  const added = new Map<number, number>()
  if (results.length === 0) return added
  const places = results.map(({ workunit }) => workunitPlace(workunit))
  const found = v.parse(
    workunitRows,
    await connection.rows(WORKUNITS, [
      places.map(({ batch }) => batch),
      places.map(({ position }) => position),
    ]),
  )
  const batches = new Map(found.map((row) => [workunitIdOf(row.batch, row.position), row.no]))
  const numbers = results.map(({ workunit }) => {
    const no = batches.get(workunit)
    if (no === undefined) throw new NotFoundError('workunit', workunit)
    return no
  })
  const rows = await connection.rows(ADD, [
    numbers,
    places.map(({ position }) => position),
    results.map(({ host }) => hosts.get(host) ?? null),
    results.map(({ state }) => state),
    results.map(({ foundAt }) => foundAt),
    results.map(({ output }) => canonicalJson(output)),
  ])
  for (const { batch } of v.parse(addedRows, rows)) added.set(batch, (added.get(batch) ?? 0) + 1)
  return added
}
