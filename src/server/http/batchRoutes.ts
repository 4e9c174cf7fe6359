import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'
import type { AnyApp } from '../../apps/app.ts'
import { NotFoundError } from '../../protocol/errors.ts'
import type { BatchId } from '../../protocol/ids.ts'
import { sizeOf } from '../../protocol/intervalSet.ts'
import { inputFor, readerOf, type Reader } from '../inputFor.ts'
import type { StoredWorkunit } from '../stores/store.ts'
import { addRoute } from './addRoute.ts'
import type { ApiParts } from './apiRoutes.ts'
import { describeBatch } from './describeBatch.ts'
import { findBatch } from './findBatch.ts'
import { pageOf } from './pageOf.ts'
import { soughtIn } from './soughtIn.ts'
import {
  batchCursor,
  batchParams,
  batchReply,
  numberCursor,
  pageQuery,
  pageReply,
  resultReply,
  workunitReply,
} from './schemas.ts'

const NO_SUCH_BATCH = { 404: 'There is no such batch.' }

const resultsQuery = v.object({
  ...pageQuery(numberCursor).entries,
  shares: v.optional(
    v.pipe(
      v.picklist(['true', 'false']),
      v.description(
        'With the submit token: `true` gives all that hosts reported, also what the requester did not ask for.',
      ),
      v.transform((word) => word === 'true'),
    ),
    'false',
  ),
})

/** Reading batches, what they consist of, and what was found in them. */
export function batchRoutes(app: FastifyInstance, { coordinator, submitToken }: ApiParts): void {
  const { store, apps } = coordinator
  const token = { needed: false, guard: submitToken }
  const find = (id: BatchId) => findBatch(store, id)

  addRoute(app, {
    method: 'GET',
    url: '/api/batches',
    summary: 'Batches, the last one submitted first',
    query: pageQuery(batchCursor),
    reply: pageReply(batchReply),
    handle: async ({ query }) => {
      const { after } = query
      const page = await pageOf((limit) => store.batches({ after, limit }), query.limit)
      return {
        items: await Promise.all(page.items.map((batch) => describeBatch(apps, batch))),
        next: page.more && page.last ? page.last.id : null,
      }
    },
  })
  addRoute(app, {
    method: 'GET',
    url: '/api/batches/:id',
    summary: 'One batch',
    params: batchParams,
    reply: batchReply,
    errors: NO_SUCH_BATCH,
    handle: async ({ params }) => describeBatch(apps, await find(params.id)),
  })
  addRoute(app, {
    method: 'GET',
    url: '/api/batches/:id/workunits',
    summary: 'What a batch consists of, in order',
    params: batchParams,
    query: pageQuery(numberCursor),
    reply: pageReply(workunitReply),
    errors: NO_SUCH_BATCH,
    token,
    handle: async ({ params, query, trusted }) => {
      const batch = await find(params.id)
      const reader = readerOf({ trusted })
      const { after } = query
      const page = await pageOf((limit) => store.workunits(batch.id, { after, limit }), query.limit)
      const known = apps.get(batch.app, batch.version)
      return {
        items: await Promise.all(page.items.map((unit) => describeWorkunit(known, unit, reader))),
        next: page.more && page.last ? String(page.last.position) : null,
      }
    },
  })
  addRoute(app, {
    method: 'GET',
    url: '/api/batches/:id/results',
    summary: 'What was found in a batch, in order of arrival',
    description:
      'Results are provisional: no audit stands behind them yet. Without the submit token these are all outputs, as they were ' +
      'reported. With it they are those that the requester asked for, or all with `shares=true`; a page may then be empty and ' +
      'still have a `next`.',
    params: batchParams,
    query: resultsQuery,
    reply: pageReply(resultReply),
    errors: NO_SUCH_BATCH,
    token,
    handle: async ({ params, query, trusted }) => {
      const batch = await find(params.id)
      const known = apps.get(batch.app, batch.version)
      const view = await known.load.view()
      const label = view.label(batch.kind)
      const reader = readerOf({ trusted })
      const isSought = trusted && !query.shares ? await soughtIn(known) : () => true
      const { after } = query
      const page = await pageOf((limit) => store.results(batch.id, { after, limit }), query.limit)
      const ids = new Set(page.items.map((result) => result.workunit))
      const stored = await Promise.all([...ids].map((id) => store.workunit(id)))
      const workunits = new Map(stored.flatMap((unit) => (unit ? [[unit.id, unit]] : [])))
      return {
        items: page.items.flatMap((result): v.InferInput<typeof resultReply>[] => {
          const workunit = workunits.get(result.workunit)
          if (workunit === undefined) throw new NotFoundError('workunit', result.workunit)
          if (!isSought(workunit.input, result.output)) return []
          const input = inputFor(reader, known, workunit.input)
          return [
            {
              id: result.id,
              workunit: result.workunit,
              source: workunit.source,
              host: result.host,
              foundAt: new Date(result.foundAt).toISOString(),
              input,
              output: result.output,
              sentence: view.tell(input, result.output),
              label,
              state: result.state,
              provisional: true,
              verified: false,
            },
          ]
        }),
        next: page.more && page.last ? String(page.last.id) : null,
      }
    },
  })
}

async function describeWorkunit(
  app: AnyApp,
  unit: StoredWorkunit,
  reader: Reader,
): Promise<v.InferInput<typeof workunitReply>> {
  const view = await app.load.view()
  const input = inputFor(reader, app, unit.input)
  return {
    id: unit.id,
    position: unit.position,
    source: unit.source,
    description: view.describe(input),
    input,
    itemCount: unit.itemCount,
    itemCost: String(unit.itemCost),
    itemsReported: sizeOf(unit.reported),
    itemsFinal: sizeOf(unit.final),
    reported: [...unit.reported],
    final: [...unit.final],
  }
}
