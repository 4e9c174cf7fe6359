import { toJsonSchema } from '@valibot/to-json-schema'
import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'
import { InvalidInputError } from '../../protocol/errors.ts'
import { UnauthorizedError } from '../errors.ts'
import { errorReply } from './schemas.ts'
import type { SubmitTokenGuard } from './submitTokenGuard.ts'

/** The scheme in the OpenAPI document under which the submit token goes. */
export const SUBMIT_TOKEN = 'submitToken'

/** One way to ask the API: what comes in, what goes out, and what may go wrong. */
export interface Route<
  Params extends v.GenericSchema,
  Query extends v.GenericSchema,
  Body extends v.GenericSchema,
  Reply extends v.GenericSchema,
> {
  readonly method: 'GET' | 'POST'
  /** With `:name` for each parameter. */
  readonly url: string
  readonly summary: string
  readonly description?: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly status?: 200 | 201
  readonly reply: Reply
  /** Status codes of errors, and when they come. */
  readonly errors?: Readonly<Record<number, string>>
  /**
   * Who asks with a wrong submit token is turned away before anything is read; where it is `needed`, so is who has none. Else they
   * get less.
   */
  readonly token?: { readonly needed: boolean; readonly guard: SubmitTokenGuard }
  readonly handle: (asked: {
    params: v.InferOutput<Params>
    query: v.InferOutput<Query>
    body: v.InferOutput<Body>
    /** Whether the submit token was shown. */
    trusted: boolean
  }) => Promise<v.InferInput<NoInfer<Reply>>>
}

const nothing = v.unknown()

/** Adds the route and its description. Input is read by the route's own schemas; what does not fit is a 400. */
export function addRoute<
  Params extends v.GenericSchema = typeof nothing,
  Query extends v.GenericSchema = typeof nothing,
  Body extends v.GenericSchema = typeof nothing,
  Reply extends v.GenericSchema = typeof nothing,
>(app: FastifyInstance, route: Route<Params, Query, Body, Reply>): void {
  const status = route.status ?? 200
  const { token } = route
  const errors = {
    ...(route.params || route.query || route.body
      ? { 400: 'Something in the request is not what it should be.' }
      : {}),
    ...(token && { 401: `The submit token is ${token.needed ? 'missing or ' : ''}wrong.` }),
    ...route.errors,
  }
  app.route({
    method: route.method,
    url: route.url,
    schema: {
      summary: route.summary,
      ...(route.description ? { description: route.description } : {}),
      ...(route.params ? { params: inputSchema(route.params) } : {}),
      ...(route.query ? { querystring: inputSchema(route.query) } : {}),
      ...(route.body ? { body: inputSchema(route.body) } : {}),
      ...(token && { security: [...(token.needed ? [] : [{}]), { [SUBMIT_TOKEN]: [] }] }),
      response: Object.fromEntries([
        [status, { description: 'As asked.', ...outputSchema(route.reply) }],
        ...Object.entries(errors).map(([code, when]) => [
          code,
          { ...outputSchema(errorReply), description: when },
        ]),
      ]),
    },
    onRequest: async (request) => {
      if (token && !token.guard.shownBy(request) && token.needed) throw new UnauthorizedError()
    },
    handler: async (request, reply) => {
      const answer = await route.handle({
        params: read('params', route.params, request.params),
        query: read('query', route.query, request.query),
        body: read('body', route.body, request.body),
        trusted: token?.guard.shownBy(request) ?? false,
      })
      return reply.code(status).send(answer)
    },
  })
}

function read<Schema extends v.GenericSchema>(
  where: string,
  schema: Schema | undefined,
  value: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema ?? nothing, value)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const path = v.getDotPath(issue)
  throw new InvalidInputError(path ? `${where}.${path}` : where, issue.message)
}

/** Transforms and checks that JSON Schema has no word for are left out there; reading still makes them. */
function inputSchema(schema: v.GenericSchema): object {
  return withoutDialect(toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' }))
}

function outputSchema(schema: v.GenericSchema): object {
  return withoutDialect(toJsonSchema(schema, { typeMode: 'output', errorMode: 'ignore' }))
}

function withoutDialect(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'))
}
