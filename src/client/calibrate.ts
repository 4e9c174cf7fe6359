import type { AnyApp } from '../apps/app.ts'
import { KernelFailedError, KernelMismatchError, WorkerLostError } from '../protocol/errors.ts'
import { measureCanary } from '../runtime/canary.ts'
import { pause } from '../runtime/pause.ts'
import type { Pool } from '../runtime/pool.ts'
import { backoffMs } from './backoff.ts'
import { canaryJob } from './canaryJob.ts'

export type CalibrationStep = 'fetching-kernel' | 'measuring'

/**
 * Measures this device on the first of these apps, trying again while its kernel cannot be fetched.
 *
 * @param step called when a step begins
 * @returns credit per second of one worker at full duty; undefined when the signal fired, or there is no app
 * @throws KernelFailedError, KernelMismatchError, WorkerLostError: this device cannot do it
 */
export async function calibrate(
  apps: readonly AnyApp[],
  pool: Pick<Pool, 'prefetch' | 'runSlice'>,
  workers: number,
  random: () => number,
  step: (step: CalibrationStep) => void,
  signal: AbortSignal,
): Promise<number | undefined> {
  const [app] = apps
  if (app === undefined) return undefined
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      step('fetching-kernel')
      const canary = await canaryJob(app, 'practice')
      await pool.prefetch(canary.job.wasm)
      step('measuring')
      return await measureCanary(pool, canary, workers, signal)
    } catch (error) {
      if (signal.aborted) return undefined
      if (isHopeless(error)) throw error
      await pause(backoffMs(attempt, random()), signal)
    }
  }
  return undefined
}

/** Whether an error of the pool speaks against this device or its kernel, and not against the line. */
export function isHopeless(error: unknown): boolean {
  return (
    error instanceof KernelFailedError ||
    error instanceof KernelMismatchError ||
    error instanceof WorkerLostError
  )
}
