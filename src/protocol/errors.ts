/** What travels of an error: enough to rebuild it as the same class on the other side of a worker or a wire. */
export interface ErrorData {
  readonly code: string
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

/** Every expected failure: a short sentence, a stable code, fields that say what it was about. */
export abstract class WeftError<Details extends object = object> extends Error {
  abstract readonly code: string
  readonly details: Details

  constructor(message: string, details: Details, options?: { cause?: unknown }) {
    super(message, options)
    this.details = details
    this.name = new.target.name
  }

  toData(): ErrorData {
    return {
      code: this.code,
      message: this.message,
      details: Object.fromEntries(Object.entries(this.details)),
    }
  }
}

/** What a person or a program handed in does not say what it should; `where` names the place (a line, a field). */
export class InvalidInputError extends WeftError<{ where: string }> {
  readonly code = 'invalid_input'
  constructor(where: string, why: string) {
    super(`${where}: ${why}`, { where })
  }
}

/** A frame that does not decode or validate. The session ends; nobody else is touched. */
export class MalformedFrameError extends WeftError<{ why: string }> {
  readonly code = 'malformed_frame'
  constructor(why: string, options?: { cause?: unknown }) {
    super(`This frame cannot be read: ${why}.`, { why }, options)
  }
}

/** A lease token that this coordinator did not issue, or that was issued to another host. */
export class InvalidLeaseError extends WeftError<{ why: string }> {
  readonly code = 'invalid_lease'
  constructor(why: string) {
    super(`This lease token is not valid: ${why}.`, { why })
  }
}

/** A kernel whose bytes do not have the hash they were asked for by. It is not run. */
export class KernelMismatchError extends WeftError<{ expected: string; actual: string }> {
  readonly code = 'kernel_mismatch'
  constructor(expected: string, actual: string) {
    super('The kernel that arrived is not the one that was asked for; it was not run.', {
      expected,
      actual,
    })
  }
}

/** A kernel that refused its input or stopped while running. */
export class KernelFailedError extends WeftError<{ app: string; reason: string }> {
  readonly code = 'kernel_failed'
  constructor(app: string, reason: string, options?: { cause?: unknown }) {
    super(`The kernel of ${app} failed: ${reason}.`, { app, reason }, options)
  }
}

/** A worker that crashed, or could not be started. What it was running is lost; a new one is started when needed. */
export class WorkerLostError extends WeftError<{ why: string }> {
  readonly code = 'worker_lost'
  constructor(why: string, options?: { cause?: unknown }) {
    super(`A worker was lost: ${why}.`, { why }, options)
  }
}

/** There is no GPU here that kernels can run on; `reason` says which part is missing. WASM does the work. */
export class GpuUnavailableError extends WeftError<{ reason: string; why: string }> {
  readonly code = 'gpu_unavailable'
  constructor(reason: string, why: string, options?: { cause?: unknown }) {
    super(`The GPU cannot be used: ${why}.`, { reason, why }, options)
  }
}

/** The GPU was lost more often than is worth another try. WASM does the work. */
export class GpuLostError extends WeftError<{ losses: number; why: string }> {
  readonly code = 'gpu_lost'
  constructor(losses: number, why: string, options?: { cause?: unknown }) {
    super(`The GPU was lost ${losses} times: ${why}.`, { losses, why }, options)
  }
}

/** An app or app version that this build does not know. */
export class UnknownAppError extends WeftError<{ app: string; version: number }> {
  readonly code = 'unknown_app'
  constructor(app: string, version: number) {
    super(`This build does not know ${app} version ${version}.`, { app, version })
  }
}

/** Another coordinator took a workunit over: what was about to be written under the old epoch was not written. */
export class FencedError extends WeftError<{ workunits: readonly string[] }> {
  readonly code = 'fenced'
  /** @param workunits all of them that a group of commits names under another epoch than the one that holds */
  constructor(workunits: readonly string[]) {
    const [first = ''] = workunits
    const more = workunits.length > 1 ? ` and ${workunits.length - 1} more` : ''
    super(`Workunit ${first}${more}: taken over, so that nothing is written under the old claim.`, {
      workunits,
    })
  }
}

/** Something that was named does not exist. */
export class NotFoundError extends WeftError<{ what: string; id: string }> {
  readonly code = 'not_found'
  constructor(what: string, id: string) {
    super(`There is no ${what} ${id}.`, { what, id })
  }
}

/** Something of this name exists already; it was left as it is. */
export class AlreadyExistsError extends WeftError<{ what: string; id: string }> {
  readonly code = 'already_exists'
  constructor(what: string, id: string) {
    super(`There is a ${what} ${id} already.`, { what, id })
  }
}

/** A report that is not its task's next one: it came before (ask for its first acknowledgement), or one is missing. */
export class ReportOrderError extends WeftError<{ task: string; seq: number; expected: number }> {
  readonly code = 'report_order'
  constructor(task: string, seq: number, expected: number) {
    super(`Task ${task} expects report ${expected}, not ${seq}.`, { task, seq, expected })
  }
}
