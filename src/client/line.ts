import type { OutgoingHostFrame } from '../protocol/messages.ts'
import type { AppRef } from './apps.ts'
import { backoffMs } from './backoff.ts'
import type { Identity } from './identity.ts'
import { openSession, type Session, type SessionEnd, type SessionHandlers } from './session.ts'
import type { Connection, StopReason } from './snapshot.ts'
import type { Socket } from './socket.ts'

export interface LineParts {
  readonly connect: () => Socket
  readonly identity: Identity
  readonly apps: readonly AppRef[]
  readonly random: () => number
  /** `Date.now()` */
  readonly wallClock: () => number
}

export interface LineHandlers extends Pick<SessionHandlers, 'welcomed' | 'received'> {
  /** A session that had been welcomed is over; another will be opened. */
  lost(end: SessionEnd): void
  /** The coordinator said that there is no point in coming back. */
  stopped(reason: StopReason): void
  /** `connection` has a new value. */
  changed(): void
}

/** Keeps a session open for as long as it lives, through dropped lines and restarts of the coordinator. */
export interface Line {
  readonly connection: Connection
  /** Does nothing while no session is open: whoever sends hears `welcomed` later, and sends again what matters. */
  send(frame: OutgoingHostFrame): void
  /** Something happened anyway: tries again now if it is time to. Timers of a hidden tab may come once a minute. */
  nudge(): void
  close(): void
}

export function openLine(parts: LineParts, handlers: LineHandlers): Line {
  let session: Session | undefined
  let connection: Connection = { state: 'closed' }
  let retry: ReturnType<typeof setTimeout> | undefined
  let attempt = 0

  function become(next: Connection): void {
    connection = next
    handlers.changed()
  }

  function open(): void {
    clearTimeout(retry)
    become({ state: 'connecting', attempt })
    session = openSession(parts.connect(), parts, {
      welcomed(welcome) {
        become({ state: 'open' })
        handlers.welcomed(welcome)
      },
      received(frame) {
        // Only work proves a session good: one that always ends after its welcome must not be retried without pause.
        attempt = 0
        handlers.received(frame)
      },
      ended,
    })
  }

  function ended(end: SessionEnd): void {
    const welcomed = connection.state === 'open'
    session = undefined
    const reason = stopReason(end)
    if (reason !== undefined) {
      become({ state: 'closed' })
      handlers.stopped(reason)
      return
    }
    const wait = backoffMs(attempt++, parts.random())
    retry = setTimeout(open, wait)
    become({ state: 'waiting', retryAt: parts.wallClock() + wait, attempt })
    if (welcomed) handlers.lost(end)
  }

  open()
  return {
    get connection() {
      return connection
    },
    send(frame) {
      if (connection.state === 'open') session?.send(frame)
    },
    nudge() {
      if (connection.state === 'waiting' && parts.wallClock() >= connection.retryAt) open()
    },
    close() {
      clearTimeout(retry)
      session?.close()
      session = undefined
      if (connection.state !== 'closed') become({ state: 'closed' })
    },
  }
}

function stopReason(end: SessionEnd): StopReason | undefined {
  if (end.why !== 'closed') return undefined
  switch (end.close.advice) {
    case 'reload':
      return { code: 'protocol-version' }
    case 'stop':
      return { code: 'failed', message: end.close.message }
    case 'reconnect':
      return undefined
  }
}
