import type { FastifyBaseLogger } from 'fastify'

/** Structured: fields first, then a sentence. Nothing that is logged at `info` names an address of a volunteer. */
export type Log = Pick<FastifyBaseLogger, 'debug' | 'info' | 'warn' | 'error'>
