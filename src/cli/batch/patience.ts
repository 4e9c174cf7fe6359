import { setTimeout as sleep } from 'node:timers/promises'
import { RefusedError, UnreachableError } from '../errors.ts'

const RETRY_MS = 1_000
const GIVE_UP_MS = 120_000

/** How a coordinator that does not answer is waited for. */
export interface Patience {
  /** Says once that it is waited for, and once that it is over. */
  readonly note: (text: string) => void
  readonly signal?: AbortSignal | undefined
  /** 1 s by default. */
  readonly retryMs?: number
  /** 2 minutes by default. */
  readonly giveUpMs?: number
}

/**
 * Asks again while the coordinator restarts. What it refuses it would refuse again; its own failures (5xx) pass.
 * @throws whatever `ask` throws, the last time where it was asked again
 * @throws the signal's reason
 */
export async function patiently<Answer>(
  ask: () => Promise<Answer>,
  { note, signal, retryMs = RETRY_MS, giveUpMs = GIVE_UP_MS }: Patience,
): Promise<Answer> {
  let since: number | undefined
  for (;;) {
    try {
      const answer = await ask()
      if (since !== undefined) note('The coordinator answers again.')
      return answer
    } catch (error) {
      if (!mayPass(error)) throw error
      const now = performance.now()
      since ??= now
      if (now - since >= giveUpMs) throw error
      if (now === since) {
        note(`${error.message} Trying again for ${Math.round(giveUpMs / 1_000)} s.`)
      }
    }
    await sleep(retryMs, undefined, { signal }).catch(() => signal?.throwIfAborted())
  }
}

function mayPass(error: unknown): error is UnreachableError | RefusedError {
  if (error instanceof UnreachableError) return true
  return error instanceof RefusedError && error.details.status >= 500
}
