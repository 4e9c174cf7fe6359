import type { FastifyInstance } from 'fastify'
import type * as v from 'valibot'
import type { AnyApp } from '../../apps/app.ts'
import { NotFoundError } from '../../protocol/errors.ts'
import type { BatchId } from '../../protocol/ids.ts'
import { sizeOf } from '../../protocol/intervalSet.ts'
import type { StoredWorkunit } from '../stores/store.ts'
import { addRoute } from './addRoute.ts'
import type { ApiParts } from './apiRoutes.ts'
import { describeBatch } from './describeBatch.ts'
import { findBatch } from './findBatch.ts'
import { pageOf } from './pageOf.ts'
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

/** Reading batches, what they consist of, and what was found in them. */
export function batchRoutes(app: FastifyInstance, { coordinator }: ApiParts): void {
  const { store, apps } = coordinator
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
    handle: async ({ params, query }) => {
      const batch = await find(params.id)
      const { after } = query
      const page = await pageOf((limit) => store.workunits(batch.id, { after, limit }), query.limit)
      const known = apps.get(batch.app, batch.version)
      return {
        items: await Promise.all(page.items.map((unit) => describeWorkunit(known, unit))),
        next: page.more && page.last ? String(page.last.position) : null,
      }
    },
  })
  addRoute(app, {
    method: 'GET',
    url: '/api/batches/:id/results',
    summary: 'What was found in a batch, in order of arrival',
    description: 'Results are provisional: no audit stands behind them yet.',
    params: batchParams,
    query: pageQuery(numberCursor),
    reply: pageReply(resultReply),
    errors: NO_SUCH_BATCH,
    handle: async ({ params, query }) => {
      const batch = await find(params.id)
      const known = apps.get(batch.app, batch.version)
      const view = await known.load.view()
      const label = view.label(batch.kind)
      const { after } = query
      const page = await pageOf((limit) => store.results(batch.id, { after, limit }), query.limit)
      const ids = new Set(page.items.map((result) => result.workunit))
      const stored = await Promise.all([...ids].map((id) => store.workunit(id)))
      const workunits = new Map(stored.flatMap((unit) => (unit ? [[unit.id, unit]] : [])))
      return {
        items: page.items.map((result): v.InferInput<typeof resultReply> => {
          const workunit = workunits.get(result.workunit)
          if (workunit === undefined) throw new NotFoundError('workunit', result.workunit)
          return {
            id: result.id,
            workunit: result.workunit,
            source: workunit.source,
            host: result.host,
            foundAt: new Date(result.foundAt).toISOString(),
            input: workunit.input,
            output: result.output,
            sentence: view.tell(workunit.input, result.output),
            label,
            state: result.state,
            provisional: true,
            verified: false,
          }
        }),
        next: page.more && page.last ? String(page.last.id) : null,
      }
    },
  })
}

async function describeWorkunit(
  app: AnyApp,
  unit: StoredWorkunit,
): Promise<v.InferInput<typeof workunitReply>> {
  const view = await app.load.view()
  return {
    id: unit.id,
    position: unit.position,
    source: unit.source,
    description: view.describe(unit.input),
    input: unit.input,
    itemCount: unit.itemCount,
    itemCost: String(unit.itemCost),
    itemsReported: sizeOf(unit.reported),
    itemsFinal: sizeOf(unit.final),
    reported: [...unit.reported],
    final: [...unit.final],
  }
}
