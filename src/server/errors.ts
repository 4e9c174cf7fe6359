import { WeftError } from '../protocol/errors.ts'

/** A variable or flag that says something it may not say. */
export class InvalidConfigError extends WeftError<{ setting: string; value: string }> {
  readonly code = 'invalid_config'
  constructor(setting: string, value: string, mayBe: string) {
    super(`${setting} is ${JSON.stringify(value)}: ${mayBe}.`, { setting, value })
  }
}

/** Somebody else listens on the port already. */
export class PortInUseError extends WeftError<{ host: string; port: number }> {
  readonly code = 'port_in_use'
  constructor(host: string, port: number, options?: { cause?: unknown }) {
    super(
      `Port ${port} on ${host} is in use. Stop what listens there, or choose another port with --port or WEFT_PORT.`,
      { host, port },
      options,
    )
  }
}

/** This machine cannot listen there: the address is not its own, or the port needs rights. */
export class CannotListenError extends WeftError<{ host: string; port: number; reason: string }> {
  readonly code = 'cannot_listen'
  constructor(host: string, port: number, reason: string, options?: { cause?: unknown }) {
    super(
      `Cannot listen on ${host}, port ${port} (${reason}). Name an address of this machine with --host or WEFT_HOST, and a port it may use with --port or WEFT_PORT.`,
      { host, port, reason },
      options,
    )
  }
}

/** The data folder cannot be made, read or written. */
export class DataFolderError extends WeftError<{ folder: string; reason: string }> {
  readonly code = 'data_folder'
  constructor(folder: string, reason: string, options?: { cause?: unknown }) {
    super(
      `The data folder ${folder} cannot be used: ${reason}. Choose another with --data-dir or WEFT_DATA_DIR.`,
      { folder, reason },
      options,
    )
  }
}

/** What an operator wrote for an app cannot be read, or is wrong. */
export class PolicyError extends WeftError<{ path: string; why: string }> {
  readonly code = 'policy'
  /** @param why the end of a sentence; it begins with the line where there is one */
  constructor(path: string, why: string, options?: { cause?: unknown }) {
    super(
      `Policy ${path}: ${why}. --policy-dir or WEFT_POLICY_DIR names its folder.`,
      { path, why },
      options,
    )
  }
}

/** The request carries no submit token, or a wrong one. */
export class UnauthorizedError extends WeftError<{ realm: string }> {
  readonly code = 'unauthorized'
  constructor() {
    super('This needs the header "Authorization: Bearer <submit token>".', { realm: 'submit' })
  }
}

/** Nothing that was handed in can be computed. */
export class NothingToDoError extends WeftError<RefusedLines> {
  readonly code = 'nothing_to_do'
  constructor({ refused, refusedCount }: RefusedLines) {
    super('No line of this text is a workunit; no batch was made.', { refused, refusedCount })
  }
}

/** Lines of a request that were left out. */
export interface RefusedLines {
  /** The first of them. */
  readonly refused: readonly RefusedLine[]
  /** How many there are, those that are not listed included. */
  readonly refusedCount: number
}

export interface RefusedLine {
  /** 1-based. */
  readonly line: number
  readonly reason: string
}

/** With this batch, more requests or workunits would be unfinished at once than the coordinator takes. */
export class QuotaExceededError extends WeftError<{
  what: 'batches' | 'workunits'
  limit: number
  unfinished: number
  asked: number
}> {
  readonly code = 'quota_exceeded'
  constructor(excess: {
    what: 'batches' | 'workunits'
    limit: number
    unfinished: number
    asked: number
  }) {
    const { what, limit, unfinished, asked } = excess
    const advice =
      asked > limit
        ? 'Submit fewer at once.'
        : 'Wait until some are finished, or cancel a batch that is not needed any more.'
    super(
      `At most ${limit} ${what} of requests may be unfinished at once; ${unfinished} are, and this batch would add ${asked}. ${advice}`,
      { what, limit, unfinished, asked },
    )
  }
}

/** The request names a host that this coordinator does not answer for: a page of another site may be behind it. */
export class WrongHostError extends WeftError<{ host: string }> {
  readonly code = 'wrong_host'
  constructor(host: string) {
    super(
      'This coordinator does not answer under this name. What its name is beside localhost, WEFT_PUBLIC_NAME says.',
      { host },
    )
  }
}

/** The coordinator makes this work itself; only what was submitted can be taken back. */
export class NotCancellableError extends WeftError<{ batch: string; why: 'seed' | 'finished' }> {
  readonly code = 'not_cancellable'
  constructor(batch: string, why: 'seed' | 'finished') {
    const said = {
      seed: 'is work that the coordinator makes itself, for when nobody has submitted any',
      finished: 'is finished: there is nothing left to cancel',
    }
    super(`Batch ${batch} ${said[why]}.`, { batch, why })
  }
}

/** A report of slices that are not of its task: nothing of it counts, and nothing of it is kept. */
export class NotLeasedError extends WeftError<{ task: string; slice: number }> {
  readonly code = 'not_leased'
  constructor(task: string, slice: number) {
    super(`Slice ${slice} of this report is no slice of its task's grants.`, { task, slice })
  }
}

/** A frame that is well-formed but not allowed at this point of the session. */
export class UnexpectedFrameError extends WeftError<{ type: string; state: string }> {
  readonly code = 'unexpected_frame'
  constructor(type: string, state: string) {
    super(`A ${type} frame has no place here: the session is ${state}.`, { type, state })
  }
}

/** A signature that does not belong to the key and the statement. */
export class WrongSignatureError extends WeftError<{ statement: 'hello' | 'seal' }> {
  readonly code = 'wrong_signature'
  constructor(statement: 'hello' | 'seal') {
    super(`The signature of the ${statement} does not fit the host's key.`, { statement })
  }
}

/** A report before its turn, or after the task was sealed. */
export class OutOfTurnError extends WeftError<{ task: string; seq: number; expected: number }> {
  readonly code = 'out_of_turn'
  constructor(task: string, seq: number, expected: number) {
    super(`Report ${seq} of this task is out of turn; ${expected} is next.`, {
      task,
      seq,
      expected,
    })
  }
}

/** More frames in a short time than a host that computes could have. */
export class TooManyFramesError extends WeftError<{ perSecond: number }> {
  readonly code = 'too_many_frames'
  constructor(perSecond: number) {
    super(`More than ${perSecond} frames a second.`, { perSecond })
  }
}

/** The coordinator is full, for everybody or for this address. */
export class TooManySessionsError extends WeftError<{
  limit: number
  of: 'address' | 'coordinator'
}> {
  readonly code = 'too_many_sessions'
  constructor(limit: number, of: 'address' | 'coordinator') {
    super(`This ${of} has ${limit} sessions already, and may not have more.`, { limit, of })
  }
}

/** What was about to be written could not be: the coordinator goes on from what the store holds. */
export class NotCommittedError extends WeftError {
  readonly code = 'not_committed'
  constructor(options?: { cause?: unknown }) {
    super('This report could not be stored; send it again.', {}, options)
  }
}
