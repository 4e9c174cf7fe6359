import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { AnyApp } from '../../apps/app.ts'
import { InvalidInputError, NotFoundError } from '../../protocol/errors.ts'
import { batchIdOf } from '../../protocol/ids.ts'
import { addRoute } from './addRoute.ts'
import type { ApiParts } from './apiRoutes.ts'
import { describeBatch } from './describeBatch.ts'
import { readLines } from './readLines.ts'
import { batchParams, batchReply } from './schemas.ts'
import { estimateBody, estimateReply, submitBody, submitReply } from './submitSchemas.ts'

const UNREADABLE = {
  413: 'The body is longer than 1 MiB.',
  422: 'No line is a workunit, and `details.refused` says why; or all of them together are too much for one batch.',
}

/** Handing in work, asking what it would take, and taking it back. All of it needs the submit token. */
export function submitRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { coordinator, quota, capacity, policies } = parts
  const token = { needed: true, guard: parts.submitToken }
  const { apps, store } = coordinator
  const newest = (id: string): AnyApp => {
    const known = apps.newest(id)
    if (known !== undefined) return known
    const names = apps.all.map((one) => one.id).join(', ')
    throw new InvalidInputError('body.app', `there is no app ${id}; there is ${names}`)
  }

  addRoute(app, {
    method: 'POST',
    url: '/api/batches',
    summary: 'Submit a batch',
    description:
      'Lines that are wrong are left out and named with a reason; the others become workunits, one each.',
    body: submitBody,
    status: 201,
    reply: submitReply,
    errors: {
      ...UNREADABLE,
      429: 'So much requested work is unfinished that this batch has no room (`quota_exceeded`): wait, or cancel one.',
    },
    token,
    handle: async ({ body }) => {
      const known = newest(body.app)
      const { workunits, refused, refusedCount } = await readLines(
        known,
        body.text,
        policies.get(known.id),
      )
      const batch = {
        id: batchIdOf(randomBytes(10)),
        kind: 'request' as const,
        app: known.id,
        version: known.version,
        title: body.title ?? `${workunits.length} workunits of ${known.id}`,
        createdAt: Date.now(),
        epsilon: body.epsilon,
      }
      await quota.admit(workunits.length, () => coordinator.addBatch(batch, workunits))
      const stored = await store.batch(batch.id)
      if (stored === undefined) throw new NotFoundError('batch', batch.id)
      return { batch: await describeBatch(apps, stored), refused: [...refused], refusedCount }
    },
  })
  addRoute(app, {
    method: 'POST',
    url: '/api/estimates',
    summary: 'What a batch would take',
    description:
      'The text is read as `POST /api/batches` reads it, and nothing is stored. Times are those at the present rate: devices come and go.',
    body: estimateBody,
    reply: estimateReply,
    errors: UNREADABLE,
    token,
    handle: async ({ body }) => {
      const known = newest(body.app)
      const read = await readLines(known, body.text, policies.get(known.id))
      const ahead = await store.unfinishedRequests()
      const creditPerSecond = capacity.creditPerSecond(performance.now())
      const secondsFor = (credit: bigint) =>
        creditPerSecond ? Number(credit) / creditPerSecond : null
      return {
        workunits: read.workunits.length,
        items: read.items,
        credit: String(read.credit),
        refused: [...read.refused],
        refusedCount: read.refusedCount,
        withinQuota: quota.hasRoom(ahead, read.workunits.length),
        ahead: { workunits: ahead.workunits, credit: String(ahead.credit) },
        creditPerSecond,
        seconds: secondsFor(read.credit),
        secondsWithAhead: secondsFor(read.credit + ahead.credit),
        price: null,
      }
    },
  })
  addRoute(app, {
    method: 'POST',
    url: '/api/batches/:id/cancel',
    summary: 'Cancel a batch',
    description: 'Nothing of it is computed any more; what was found stays.',
    params: batchParams,
    reply: batchReply,
    errors: {
      404: 'There is no such batch.',
      409: 'It is finished, or nobody submitted it: the coordinator makes this work itself.',
    },
    token,
    handle: async ({ params }) => {
      await coordinator.cancelBatch(params.id)
      const stored = await store.batch(params.id)
      if (stored === undefined) throw new NotFoundError('batch', params.id)
      return describeBatch(apps, stored)
    },
  })
}
