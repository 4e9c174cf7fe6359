import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { UnauthorizedError } from '../errors.ts'

/** Whether a request carries the submit token. */
export interface SubmitTokenGuard {
  /** @throws UnauthorizedError when it carries another one */
  shownBy(request: FastifyRequest): boolean
}

/** Digests are compared, so that neither the time nor the length tells anything about the token. */
export function submitTokenGuard(token: string): SubmitTokenGuard {
  const expected = digest(`Bearer ${token}`)
  return {
    shownBy({ headers: { authorization } }) {
      if (authorization === undefined) return false
      if (!timingSafeEqual(digest(authorization), expected)) throw new UnauthorizedError()
      return true
    },
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
