import { InvalidLeaseError, MalformedFrameError, WeftError } from '../../protocol/errors.ts'
import type { Close } from '../../protocol/messages.ts'
import { UnexpectedFrameError, WrongSignatureError } from '../errors.ts'

/** The longest text that a close frame may carry. */
const MAX_TEXT = 200

export type Closing = Omit<Close, 'type'>

export const closings = {
  otherProtocol: (theirs: number, ours: number): Closing => ({
    code: 'protocol_version',
    message: `This coordinator speaks version ${ours} of the protocol, not ${theirs}. Reload the page, or update the program.`,
    advice: 'reload',
  }),
  tooSlow: {
    code: 'handshake_timeout',
    message: 'The host did not prove its key in time.',
    advice: 'reconnect',
  },
  replaced: {
    code: 'replaced',
    message: 'The same host has opened a newer session; one is enough.',
    advice: 'stop',
  },
  restarting: {
    code: 'restarting',
    message: 'The coordinator restarts. What was acknowledged is kept; the rest may be sent again.',
    advice: 'reconnect',
  },
} as const satisfies Record<string, Closing | ((...details: never[]) => Closing)>

/**
 * What a host is told when a frame of it failed. One that cannot even introduce itself would fail again and is told to stop;
 * anything later may go well the next time, and what belongs to one report must not keep a host out.
 *
 * @param entered whether its session was open
 */
export function closingFor(error: unknown, entered: boolean): Closing {
  if (!(error instanceof WeftError)) {
    return {
      code: 'internal_error',
      message: 'The coordinator could not handle this frame; it has been logged.',
      advice: 'reconnect',
    }
  }
  const hopeless =
    !entered &&
    (error instanceof MalformedFrameError ||
      error instanceof UnexpectedFrameError ||
      error instanceof WrongSignatureError)
  const message =
    error instanceof InvalidLeaseError ? `${error.message} Drop what belongs to it.` : error.message
  return {
    code: error.code,
    message: message.slice(0, MAX_TEXT),
    advice: hopeless ? 'stop' : 'reconnect',
  }
}
