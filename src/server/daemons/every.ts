import type { Log } from '../log.ts'

/**
 * Repeats a job until the signal fires: a pause, the job, a pause. A job that fails is logged and tried again next time.
 * Resolves when the last one is over.
 */
export async function every(
  ms: number,
  job: () => void | Promise<void>,
  parts: { readonly signal: AbortSignal; readonly log: Log; readonly name: string },
): Promise<void> {
  while (await pause(ms, parts.signal)) {
    try {
      await job()
    } catch (cause) {
      parts.log.error({ err: cause, daemon: parts.name }, 'a daemon failed: it goes on')
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
