import { MalformedFrameError } from '../protocol/errors.ts'
import { decodeFrame, encodeFrame } from '../protocol/frame.ts'
import {
  coordinatorFrameSchema,
  type Close,
  type CoordinatorFrame,
  type OutgoingHostFrame,
} from '../protocol/messages.ts'
import { helloStatement } from '../protocol/statement.ts'
import { PROTOCOL_VERSION } from '../protocol/version.ts'
import type { AppRef } from './apps.ts'
import type { Identity } from './identity.ts'
import type { Socket } from './socket.ts'

export type Welcome = Extract<CoordinatorFrame, { type: 'welcome' }>
export type WorkFrame = Extract<CoordinatorFrame, { type: 'task' | 'noWork' | 'ack' }>

export interface SessionHandlers {
  /** The key was proven; from here on frames may be sent. */
  welcomed(welcome: Welcome): void
  /** May throw MalformedFrameError where a frame makes no sense: the session ends as if it could not be read. */
  received(frame: WorkFrame): void
  /** Called once, unless this side closed it first. */
  ended(end: SessionEnd): void
}

export type SessionEnd =
  /** The line went, or nothing was heard for too long. */
  | { readonly why: 'dropped' }
  /** The coordinator sent something that cannot be read. */
  | { readonly why: 'malformed'; readonly error: MalformedFrameError }
  /** The coordinator said goodbye. */
  | { readonly why: 'closed'; readonly close: Close }

export interface Session {
  send(frame: OutgoingHostFrame): void
  close(): void
}

/** An ask, a report or a handshake that finds no answer for this long means a dead line that nobody reset. */
const SILENCE_MS = 30_000
const GOODBYE = 1000
const BROKEN = 4000

/** Opens one session: hello, challenge, proof, welcome; then frames pass both ways until either side ends it. */
export function openSession(
  socket: Socket,
  who: { readonly identity: Identity; readonly apps: readonly AppRef[] },
  handlers: SessionHandlers,
): Session {
  let live = true
  let silence: ReturnType<typeof setTimeout> | undefined

  function end(how: SessionEnd | undefined): void {
    if (!live) return
    live = false
    clearTimeout(silence)
    // A clean goodbye gives the leases back; this host comes back for them after anything else.
    socket.close(how === undefined ? GOODBYE : BROKEN)
    if (how !== undefined) handlers.ended(how)
  }

  function expectAnswer(): void {
    silence ??= setTimeout(() => end({ why: 'dropped' }), SILENCE_MS)
  }

  function heard(): void {
    clearTimeout(silence)
    silence = undefined
  }

  function send(frame: OutgoingHostFrame): void {
    if (!live) return
    if (frame.type !== 'release') expectAnswer()
    // The codec's buffer is an ordinary one; its type just does not say so.
    socket.send(encodeFrame(frame) as Uint8Array<ArrayBuffer>)
  }

  async function prove(nonce: Uint8Array): Promise<void> {
    send({ type: 'proof', signature: await who.identity.sign(helloStatement(nonce)) })
  }

  function receive(data: unknown): void {
    if (!live) return
    heard()
    const frame = decode(data)
    if (frame instanceof MalformedFrameError) return end({ why: 'malformed', error: frame })
    switch (frame.type) {
      case 'challenge':
        prove(frame.nonce).catch(() => end({ why: 'dropped' }))
        return
      case 'welcome':
        return handlers.welcomed(frame)
      case 'close':
        return end({ why: 'closed', close: frame })
      case 'task':
      case 'noWork':
      case 'ack':
        return handOver(frame)
    }
  }

  function handOver(frame: WorkFrame): void {
    try {
      handlers.received(frame)
    } catch (error) {
      if (!(error instanceof MalformedFrameError)) throw error
      end({ why: 'malformed', error })
    }
  }

  socket.binaryType = 'arraybuffer'
  socket.addEventListener('open', () =>
    send({ type: 'hello', protocol: PROTOCOL_VERSION, key: who.identity.key, apps: [...who.apps] }),
  )
  socket.addEventListener('message', (event) => receive(event.data))
  // An error is always followed by a close.
  socket.addEventListener('close', () => end({ why: 'dropped' }))
  expectAnswer()
  return { send, close: () => end(undefined) }
}

function decode(data: unknown): CoordinatorFrame | MalformedFrameError {
  if (!(data instanceof ArrayBuffer)) return new MalformedFrameError('it is text')
  try {
    return decodeFrame(coordinatorFrameSchema, new Uint8Array(data))
  } catch (error) {
    if (error instanceof MalformedFrameError) return error
    throw error
  }
}
