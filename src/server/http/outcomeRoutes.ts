import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'
import type { AnyApp, Format } from '../../apps/app.ts'
import { InvalidInputError } from '../../protocol/errors.ts'
import type { WorkunitId } from '../../protocol/ids.ts'
import { inputFor, readerOf } from '../inputFor.ts'
import type { FinishedWorkunit, StoredResult } from '../stores/store.ts'
import { addRoute } from './addRoute.ts'
import type { ApiParts } from './apiRoutes.ts'
import { findBatch } from './findBatch.ts'
import { pageOf } from './pageOf.ts'
import { batchParams, numberCursor, outcomeReply, pageQuery, pageReply } from './schemas.ts'

const outcomesQuery = v.object({
  ...pageQuery(numberCursor).entries,
  format: v.optional(
    v.pipe(
      v.string(),
      v.description(
        'A format of the app, by name, such as `primenet`: items then have their `line`.',
      ),
      v.maxLength(40),
    ),
  ),
})

/** What came of each workunit: what a requester reads back. */
export function outcomeRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { store, apps } = parts.coordinator

  addRoute(app, {
    method: 'GET',
    url: '/api/batches/:id/outcomes',
    summary: 'What finished workunits of a batch came to, in the order in which they were finished',
    description:
      'One item for each finished workunit, also where nothing was found. Workunits that a cancelled batch never finished are not ' +
      'here; what was found in them is among the results. Anyone may read this, but keys are shown only with the submit token: ' +
      'whoever knows an assignment id could report it in place of its owner. So is what an app keeps of an input for the requester: ' +
      'without the token, outputs are folded as if it were not there.',
    params: batchParams,
    query: outcomesQuery,
    reply: pageReply(outcomeReply),
    errors: { 404: 'There is no such batch.' },
    token: { needed: false, guard: parts.submitToken },
    handle: async ({ params, query, trusted }) => {
      const { after } = query
      const batch = await findBatch(store, params.id)
      const known = apps.get(batch.app, batch.version)
      const format = query.format === undefined ? undefined : await formatOf(known, query.format)
      const assimilator = await known.load.assimilator()
      const page = await pageOf(
        (limit) => store.finishedWorkunits(batch.id, { after, limit }),
        query.limit,
      )
      const results = byWorkunit(await store.resultsOf(page.items.map(({ id }) => id)))
      const reader = readerOf({ trusted })
      const describe = (unit: FinishedWorkunit): v.InferInput<typeof outcomeReply> => {
        const { source, finished } = unit
        const input = inputFor(reader, known, unit.input)
        const key = trusted ? unit.key : null
        const found = (results.get(unit.id) ?? []).map(({ output }) => output)
        const outputs = assimilator.fold(input, found)
        const outcome = { input, key, outputs, complete: true, finishedAt: finished.at }
        return {
          no: finished.no,
          workunit: unit.id,
          source,
          key,
          input,
          outputs: [...outputs],
          finishedAt: new Date(finished.at).toISOString(),
          line: format?.(outcome) ?? null,
          provisional: true,
          verified: false,
        }
      }
      return {
        items: page.items.map(describe),
        next: page.more && page.last ? String(page.last.finished.no) : null,
      }
    },
  })
}

/** @throws InvalidInputError when the app has no format of this name; it lists those that there are */
async function formatOf(app: AnyApp, name: string): Promise<Format<unknown, unknown>> {
  const formats = (await app.load.formats?.()) ?? {}
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined
  if (format !== undefined) return format
  const names = Object.keys(formats)
  throw new InvalidInputError(
    'query.format',
    names.length === 0
      ? `${app.id} has no formats`
      : `${app.id} has no format of this name; it has ${names.join(', ')}`,
  )
}

function byWorkunit(results: readonly StoredResult[]): ReadonlyMap<WorkunitId, StoredResult[]> {
  return Map.groupBy(results, ({ workunit }) => workunit)
}
