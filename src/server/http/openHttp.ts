import swagger from '@fastify/swagger'
import Fastify, { LogController, type FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import { WrongHostError } from '../errors.ts'
import { SUBMIT_TOKEN } from './addRoute.ts'
import { answerErrors } from './answerErrors.ts'
import { namesOf, type Names } from './names.ts'

/** The longest body of a request: some ten thousand lines of work. */
const MAX_BODY_BYTES = 1_048_576

/** What may load what. Kernels are WASM; everything else is the site's own files, and no other site's. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** The HTTP server without its routes, and the names it answers to. Logs go to standard error, one JSON object a line, and never name an address. */
export async function openHttp(config: Config): Promise<{ app: FastifyInstance; names: Names }> {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    logger: { level: config.logLevel, stream: process.stderr, base: null },
    // Request lines would name addresses; errors are logged where they are answered.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    requestTimeout: 30_000,
  })
  // Routes read their input by their own schemas; Fastify's only describe it.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.removeContentTypeParser('text/plain')
  answerErrors(app)
  const names = namesOf(app.server, config.publicNames)
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(HEADERS)
    const { host } = request.headers
    if (!names.answersTo(host)) throw new WrongHostError(host ?? '')
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Weft coordinator',
        version: '1',
        description:
          'Batches, hosts and results. Volunteers speak the binary protocol at /api/volunteer instead. Every error is `{code, message, details}`; credit is decimal digits; lists are paged by `after` and `next`.',
      },
      components: {
        securitySchemes: {
          [SUBMIT_TOKEN]: {
            type: 'http',
            scheme: 'bearer',
            description:
              'The submit token, as the coordinator was given it or made it at first start.',
          },
        },
      },
    },
  })
  return { app, names }
}
