import type { StopReason } from '../client/snapshot.ts'
import { WeftError } from '../protocol/errors.ts'

/** The host that was to do the work gave up. */
export class HostStoppedError extends WeftError<{ reason: StopReason['code'] | 'unknown' }> {
  readonly code = 'host_stopped'
  constructor(why: StopReason | undefined) {
    const reason = why?.code ?? 'unknown'
    const said = why?.code === 'failed' ? why.message : `${reason}.`
    super(`The host stopped before the batch was done: ${said}`, { reason })
  }
}

/** One device computes once: the host of this data folder is at work in another process. */
export class HostInUseError extends WeftError<{ dataDir: string }> {
  readonly code = 'host_in_use'
  constructor(dataDir: string, options?: { cause?: unknown }) {
    super(
      `The host kept in ${dataDir} is at work in another process: stop that one, or give this one a folder of its own with --data-dir.`,
      { dataDir },
      options,
    )
  }
}

/** The coordinator answered a request with an error; the message is its own sentence. */
export class RefusedError extends WeftError<{ status: number; code: string }> {
  readonly code = 'refused'
}

/** The person, or the system, asked this process to end. */
export class InterruptedError extends WeftError<{ signal: NodeJS.Signals }> {
  readonly code = 'interrupted'
  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal}.`, { signal })
  }
}
