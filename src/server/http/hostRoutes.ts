import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'
import { creditSchema } from '../../protocol/credit.ts'
import { NotFoundError } from '../../protocol/errors.ts'
import { hostIdSchema } from '../../protocol/ids.ts'
import type { HostRank, StoredHost } from '../stores/store.ts'
import { isSuspicious } from '../yields/isSuspicious.ts'
import { addRoute } from './addRoute.ts'
import type { ApiParts } from './apiRoutes.ts'
import { pageOf } from './pageOf.ts'
import {
  cursorText,
  hostDetailReply,
  hostParams,
  hostReply,
  pageQuery,
  pageReply,
} from './schemas.ts'

/** `credit.id`: where the page before ended. */
const rankCursor = v.pipe(
  cursorText,
  v.regex(/^[0-9]+\.[A-Za-z0-9_-]+$/, 'expected the `next` of a page'),
  v.transform((text) => ({
    credit: text.slice(0, text.indexOf('.')),
    id: text.slice(text.indexOf('.') + 1),
  })),
  v.object({ credit: creditSchema, id: hostIdSchema }),
)

export function hostRoutes(app: FastifyInstance, { coordinator, volunteers }: ApiParts): void {
  const { store } = coordinator
  const describe = (host: StoredHost): v.InferInput<typeof hostReply> => ({
    id: host.id,
    firstSeenAt: new Date(host.firstSeenAt).toISOString(),
    lastSeenAt: new Date(host.lastSeenAt).toISOString(),
    connected: volunteers.isConnected(host.id),
    slices: host.slices,
    items: host.items,
    creditReported: String(host.creditReported),
    creditFinal: String(host.creditFinal),
  })

  addRoute(app, {
    method: 'GET',
    url: '/api/hosts',
    summary: 'Hosts, by credit, most first',
    query: pageQuery(rankCursor),
    reply: pageReply(hostReply),
    handle: async ({ query }) => {
      const page = await pageOf((limit) => store.hosts({ after: query.after, limit }), query.limit)
      const rank = page.last && rankOf(page.last)
      return {
        items: page.items.map(describe),
        next: page.more && rank ? `${rank.credit}.${rank.id}` : null,
      }
    },
  })
  addRoute(app, {
    method: 'GET',
    url: '/api/hosts/:id',
    summary: 'One host',
    params: hostParams,
    reply: hostDetailReply,
    errors: { 404: 'There is no such host.' },
    handle: async ({ params }) => {
      const host = await store.host(params.id)
      if (host === undefined) throw new NotFoundError('host', params.id)
      const yields = (await store.yields(host.id)).map((one) => ({
        ...one,
        suspicious: isSuspicious(one.expected, one.found),
      }))
      return { ...describe(host), yields }
    },
  })
}

function rankOf(host: StoredHost): HostRank {
  return { credit: host.creditReported + host.creditFinal, id: host.id }
}
