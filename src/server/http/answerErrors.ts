import type { FastifyInstance } from 'fastify'
import { WeftError, type ErrorData } from '../../protocol/errors.ts'

const STATUS: Readonly<Record<string, number>> = {
  invalid_input: 400,
  unauthorized: 401,
  not_found: 404,
  unknown_app: 404,
  not_cancellable: 409,
  wrong_host: 421,
  batch_too_large: 422,
  nothing_to_do: 422,
  store_unavailable: 503,
  quota_exceeded: 429,
}

/** Every error leaves as `{code, message, details}`; what was not expected leaves no trace of itself outside the log. */
export function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const data: ErrorData = {
      code: 'not_found',
      message: `There is nothing at ${path}.`,
      details: { path },
    }
    return reply.code(404).send(data)
  })
  app.setErrorHandler(async (error: unknown, request, reply) => {
    if (error instanceof WeftError) {
      const status = STATUS[error.code] ?? 500
      if (status === 500) request.log.error({ err: error }, 'request failed')
      if (status === 401) void reply.header('www-authenticate', 'Bearer')
      return reply.code(status).send(error.toData())
    }
    const refused = refusedByFastify(error)
    if (refused !== undefined) return reply.code(refused.status).send(refused.data)
    request.log.error({ err: error }, 'request failed')
    const data: ErrorData = {
      code: 'internal_error',
      message: 'The coordinator could not answer; it has been logged.',
      details: {},
    }
    return reply.code(500).send(data)
  })
}

/** A body that is too long, no JSON, or of another type: Fastify's own words are fit to be shown. */
function refusedByFastify(error: unknown): { status: number; data: ErrorData } | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return undefined
  const { statusCode, code } = error
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined
  const name = String(code)
    .replace(/^FST_ERR_(CTP_)?/, '')
    .toLowerCase()
  return { status: statusCode, data: { code: name, message: error.message, details: {} } }
}
