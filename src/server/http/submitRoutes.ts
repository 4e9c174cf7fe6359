import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { AnyApp } from '../../apps/app.ts'
import { creditFor } from '../../protocol/credit.ts'
import { InvalidInputError, NotFoundError } from '../../protocol/errors.ts'
import { batchIdOf } from '../../protocol/ids.ts'
import { NothingToDoError, UnauthorizedError, type RefusedLine } from '../errors.ts'
import { newWorkunit } from '../newWorkunit.ts'
import { BatchTooLargeError } from '../stores/errors.ts'
import type { NewWorkunit } from '../stores/store.ts'
import { addRoute } from './addRoute.ts'
import type { ApiParts } from './apiRoutes.ts'
import { describeBatch } from './describeBatch.ts'
import { batchParams, batchReply, submitBody, submitReply } from './schemas.ts'

/** The most workunits of one batch. */
const MAX_WORKUNITS = 10_000
/** The most items and the most credit of one batch: sums of them stay exact, and counters of all batches far from 2^63. */
const MAX_ITEMS = Number.MAX_SAFE_INTEGER
const MAX_CREDIT = 2n ** 53n
/** Longest time that reading lines keeps the coordinator from everything else, ms. */
const STEP_MS = 8

/** Handing in work, and taking it back. Both need the submit token. */
export function submitRoutes(app: FastifyInstance, { coordinator, submitToken }: ApiParts): void {
  const guard = guardedBy(submitToken)
  const { apps, store } = coordinator

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
      413: 'The body is longer than 1 MiB.',
      422: 'No line is a workunit, and `details.refused` says why; or all of them together are too much for one batch.',
    },
    guard,
    handle: async ({ body }) => {
      const known = apps.newest(body.app)
      if (known === undefined) {
        const names = apps.all.map(({ id }) => id).join(', ')
        throw new InvalidInputError('body.app', `there is no app ${body.app}; there is ${names}`)
      }
      const { workunits, refused } = await readLines(known, body.text)
      if (workunits.length === 0) throw new NothingToDoError(refused)
      const batch = {
        id: batchIdOf(randomBytes(10)),
        kind: 'request' as const,
        app: known.id,
        version: known.version,
        title: body.title ?? `${workunits.length} workunits of ${known.id}`,
        createdAt: Date.now(),
        epsilon: body.epsilon,
      }
      await coordinator.addBatch(batch, workunits)
      const stored = await store.batch(batch.id)
      if (stored === undefined) throw new NotFoundError('batch', batch.id)
      return { batch: await describeBatch(apps, stored), refused: [...refused] }
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
      409: 'Nobody submitted it: the coordinator makes this work itself.',
    },
    guard,
    handle: async ({ params }) => {
      await coordinator.cancelBatch(params.id)
      const stored = await store.batch(params.id)
      if (stored === undefined) throw new NotFoundError('batch', params.id)
      return describeBatch(apps, stored)
    },
  })
}

/** Digests are compared, so that neither the time nor the length tells anything about the token. */
function guardedBy(token: string): (request: FastifyRequest) => void {
  const expected = digest(`Bearer ${token}`)
  return (request) => {
    const given = digest(request.headers.authorization ?? '')
    if (!timingSafeEqual(given, expected)) throw new UnauthorizedError()
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** @throws BatchTooLargeError */
async function readLines(
  app: AnyApp,
  text: string,
): Promise<{ workunits: NewWorkunit[]; refused: RefusedLine[] }> {
  const generator = await app.load.generator()
  const workunits: NewWorkunit[] = []
  const refused: RefusedLine[] = []
  let items = 0n
  let credit = 0n
  let stepped = performance.now()
  for (const parsed of generator.parse(text)) {
    if (parsed.status === 'refused') refused.push({ line: parsed.line, reason: parsed.reason })
    else if (workunits.length === MAX_WORKUNITS) {
      refused.push({ line: parsed.line, reason: `a batch has at most ${MAX_WORKUNITS} workunits` })
    } else {
      const input: unknown = v.parse(app.inputSchema, parsed.input)
      const workunit = newWorkunit(app, input, { source: String(parsed.line), key: null })
      workunits.push(workunit)
      items += BigInt(workunit.itemCount)
      credit += creditFor(workunit.itemCount, workunit.itemCost)
      if (items > MAX_ITEMS) throw new BatchTooLargeError('items', MAX_ITEMS)
      if (credit > MAX_CREDIT) throw new BatchTooLargeError('credit', MAX_CREDIT)
    }
    if (performance.now() - stepped < STEP_MS) continue
    await new Promise(setImmediate)
    stepped = performance.now()
  }
  return { workunits, refused }
}
