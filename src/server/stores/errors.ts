import { WeftError } from '../../protocol/errors.ts'

/** Another process has this store open. A file serves one coordinator; several share a database server. */
export class StoreLockedError extends WeftError<{ path: string }> {
  readonly code = 'store_locked'
  constructor(path: string, options?: { cause?: unknown }) {
    super(
      `${path} is in use by another process: stop that one, or name another file.`,
      { path },
      options,
    )
  }
}

/** A newer build wrote this store; this one cannot know what its tables mean. */
export class StoreTooNewError extends WeftError<{ path: string; found: number; known: number }> {
  readonly code = 'store_too_new'
  constructor(path: string, found: number, known: number) {
    super(
      `${path} was written by a newer build (migration ${found}; this build knows ${known}): update this one.`,
      { path, found, known },
    )
  }
}

/** The most credit that a batch may be worth: the largest integer that every engine keeps. */
export const MAX_BATCH_CREDIT = 2n ** 63n - 1n

/**
 * A batch's items are counted in one number, which must stay exact: what would take it past 2^53 - 1 is not added. Nor is
 * what would be worth more than `MAX_BATCH_CREDIT`.
 */
export class BatchTooLargeError extends WeftError<{ what: 'items' | 'credit'; limit: string }> {
  readonly code = 'batch_too_large'
  constructor(what: 'items' | 'credit', limit: number | bigint) {
    super(`A batch has at most ${limit} ${what}; split it, or ask for less.`, {
      what,
      limit: String(limit),
    })
  }
}

/** Nobody answers where the database is said to be, or it lets this user not in. */
export class DatabaseUnreachableError extends WeftError<{ address: string; reason: string }> {
  readonly code = 'database_unreachable'
  constructor(address: string, reason: string, options?: { cause?: unknown }) {
    super(
      `The database at ${address} cannot be used: ${reason}. Check DATABASE_URL, and that PostgreSQL runs there.`,
      { address, reason },
      options,
    )
  }
}

/** The store does not answer just now: nothing is lost, and it is asked again. */
export class StoreUnavailableError extends WeftError<{ reason: string }> {
  readonly code = 'store_unavailable'
  constructor(reason: string, options?: { cause?: unknown }) {
    super(`The coordinator's database does not answer (${reason}); try again.`, { reason }, options)
  }
}

/** The database is there, and this build cannot work with it. */
export class DatabaseUnsuitableError extends WeftError<{ reason: string }> {
  readonly code = 'database_unsuitable'
  constructor(reason: string) {
    super(`The database that DATABASE_URL names cannot be used: ${reason}.`, { reason })
  }
}
