import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'
import { PROTOCOL_VERSION } from '../../protocol/version.ts'
import { kernelFile } from '../../runtime/kernelFile.ts'
import type { Capacity } from '../capacity.ts'
import type { Coordinator } from '../coordinator/coordinator.ts'
import { TRUST } from '../coordinator/decideReport.ts'
import type { Policies } from '../policies.ts'
import type { Quota } from '../quota.ts'
import type { Volunteers } from '../ws/volunteers.ts'
import { addRoute } from './addRoute.ts'
import { batchRoutes } from './batchRoutes.ts'
import { hostRoutes } from './hostRoutes.ts'
import { outcomeRoutes } from './outcomeRoutes.ts'
import { appReply, healthReply, statsReply } from './schemas.ts'
import { submitRoutes } from './submitRoutes.ts'
import type { SubmitTokenGuard } from './submitTokenGuard.ts'

export interface ApiParts {
  readonly coordinator: Coordinator
  readonly volunteers: Volunteers
  readonly submitToken: SubmitTokenGuard
  readonly quota: Quota
  readonly capacity: Capacity
  readonly policies: Policies
}

/** The whole API, and its description at `/api/openapi.json`. */
export function apiRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { coordinator, volunteers, capacity } = parts
  const { store, apps } = coordinator
  addRoute(app, {
    method: 'GET',
    url: '/api/health',
    summary: 'Whether the coordinator answers, and its store',
    reply: healthReply,
    errors: {
      503: 'The coordinator runs, and its database does not answer (`store_unavailable`).',
    },
    handle: async () => {
      await store.unfinishedBatches({ limit: 1 })
      return { status: 'ok' as const, protocol: PROTOCOL_VERSION }
    },
  })
  addRoute(app, {
    method: 'GET',
    url: '/api/stats',
    summary: 'Everything that was ever done here, in numbers',
    reply: statsReply,
    handle: async () => {
      const { creditReported, creditFinal, ...totals } = await store.totals()
      return {
        ...totals,
        creditReported: String(creditReported),
        creditFinal: String(creditFinal),
        creditPerSecond: capacity.creditPerSecond(performance.now()),
        connectedHosts: volunteers.connected,
        trust: TRUST,
        verified: false as const,
      }
    },
  })
  addRoute(app, {
    method: 'GET',
    url: '/api/apps',
    summary: 'What can be computed here',
    reply: v.array(appReply),
    handle: async () =>
      apps.all.map(({ id, version, title, kernels }) => ({
        id,
        version,
        title,
        kernels: kernels.map((kernel) => ({
          ...kernel,
          url: `/kernels/${kernelFile(kernel.backend, kernel.hash)}`,
        })),
      })),
  })
  batchRoutes(app, parts)
  outcomeRoutes(app, parts)
  submitRoutes(app, parts)
  hostRoutes(app, parts)
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}
