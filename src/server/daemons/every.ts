import type { Log } from '../log.ts'
import { StoreUnavailableError } from '../stores/errors.ts'

/**
 * Repeats a job until the signal fires: a pause, the job, a pause. A job that fails is logged and tried again next time; that the store
 * does not answer is said once, and once when it does again. Resolves when the last one is over.
 */
export async function every(
  ms: number,
  job: () => void | Promise<void>,
  parts: { readonly signal: AbortSignal; readonly log: Log; readonly name: string },
): Promise<void> {
  const { log, name: daemon } = parts
  let isWaiting = false
  while (await pause(ms, parts.signal)) {
    try {
      await job()
      if (isWaiting) log.info({ daemon }, 'the store answers again')
      isWaiting = false
    } catch (cause) {
      if (!(cause instanceof StoreUnavailableError)) {
        log.error({ err: cause, daemon }, 'a daemon failed: it goes on')
      } else if (!isWaiting) {
        isWaiting = true
        log.warn(
          { daemon, reason: cause.details.reason },
          'the store does not answer: trying again',
        )
      }
    }
  }
}

/** Resolves to false when the signal fires. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false)
    const wake = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      resolve(!signal.aborted)
    }
    const timer = setTimeout(wake, ms)
    signal.addEventListener('abort', wake)
  })
}
