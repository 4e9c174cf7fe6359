import * as v from 'valibot'
import { NotFoundError } from '../../../../protocol/errors.ts'
import { canonicalJson } from '../../../../protocol/statement.ts'
import type { Commit } from '../../store.ts'
import type { Connection } from '../database.ts'
import { keysOf, placesOf } from './batchNumbers.ts'
import type { HostNumbers } from './addToHosts.ts'

const THERE = `
  SELECT batch, position FROM unnest($1::bigint[], $2::bigint[]) AS wanted (no, place)
    JOIN workunits ON batch = wanted.no AND position = place`
const thereRows = v.array(v.object({ batch: v.number(), position: v.number() }))

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
  const workunits = results.map(({ workunit }) => workunit)
  const places = new Map((await placesOf(connection, workunits)).map((place) => [place.id, place]))
  const there = new Set(
    v
      .parse(thereRows, await connection.rows(THERE, keysOf([...places.values()])))
      .map(({ batch, position }) => `${batch} ${position}`),
  )
  const keys = workunits.map((id) => {
    const place = places.get(id)
    if (place === undefined || !there.has(`${place.batch} ${place.position}`)) {
      throw new NotFoundError('workunit', id)
    }
    return place
  })
  const rows = await connection.rows(ADD, [
    ...keysOf(keys),
    results.map(({ host }) => hosts.get(host) ?? null),
    results.map(({ state }) => state),
    results.map(({ foundAt }) => foundAt),
    results.map(({ output }) => canonicalJson(output)),
  ])
  for (const { batch } of v.parse(addedRows, rows)) added.set(batch, (added.get(batch) ?? 0) + 1)
  return added
}
