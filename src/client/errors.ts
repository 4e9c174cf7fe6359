import { WeftError } from '../protocol/errors.ts'

/** There is an identity here, and it cannot be read. It is left as it is: a new one would throw its credit away unasked. */
export class UnreadableIdentityError extends WeftError<{ why: string }> {
  readonly code = 'unreadable_identity'
  constructor(why: string, options?: { cause?: unknown }) {
    super(
      `The identity that is kept here cannot be read (${why}). Restore it from a copy, or keep a new one elsewhere.`,
      { why },
      options,
    )
  }
}
