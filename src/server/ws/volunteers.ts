import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { HostId } from '../../protocol/ids.ts'
import type { Config } from '../config.ts'
import type { Coordinator } from '../coordinator/coordinator.ts'
import { TooManySessionsError } from '../errors.ts'
import { isLoopback, namesLoopback } from '../http/loopback.ts'
import type { Log } from '../log.ts'
import { closingFor, closings } from './closing.ts'
import { Session } from './session.ts'

const PATH = '/api/volunteer'
/** `ws` cuts longer frames off without a word; up to here the session can still say why. */
const CUT_OFF_FACTOR = 4

/** Every volunteer's session, on the HTTP server's own port. */
export class Volunteers {
  readonly #parts: { config: Config; coordinator: Coordinator; log: Log }
  readonly #server: WebSocketServer
  readonly #sessions = new Set<Session>()
  readonly #byHost = new Map<HostId, Session>()
  readonly #perAddress = new Map<string, number>()
  readonly #ping: NodeJS.Timeout
  #stopping = false

  constructor(http: Server, parts: { config: Config; coordinator: Coordinator; log: Log }) {
    this.#parts = parts
    this.#server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: CUT_OFF_FACTOR * parts.config.maxFrameBytes,
      skipUTF8Validation: true,
    })
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(request, socket, head),
    )
    this.#ping = setInterval(() => {
      for (const session of this.#sessions) session.ping()
    }, parts.config.pingEveryMs)
  }

  /** Hosts with an open session. */
  get connected(): number {
    return this.#byHost.size
  }

  isConnected(host: HostId): boolean {
    return this.#byHost.has(host)
  }

  /** Lets no one in any more and looks at no further frame; those at work are answered first, by the coordinator. */
  holdStill(): void {
    this.#stopping = true
  }

  /** Says why to everyone, and hangs up. Resolves when every line is closed. */
  async closeAll(): Promise<void> {
    clearInterval(this.#ping)
    const gone = [...this.#server.clients].map(
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    )
    for (const session of this.#sessions) session.close(closings.restarting)
    await Promise.all(gone)
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', (error) => this.#parts.log.debug({ err: error }, 'upgrade failed'))
    const refusal = this.#refusal(request)
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#welcome(webSocket, request.socket.remoteAddress ?? ''),
    )
  }

  /** The status line of a refusal. A page of another site must not speak to this coordinator in a visitor's name. */
  #refusal({ url, headers }: IncomingMessage): string | undefined {
    if (this.#stopping) return '503 Service Unavailable'
    if (url?.split('?')[0] !== PATH) return '404 Not Found'
    if (isLoopback(this.#parts.config.host) && !namesLoopback(headers.host)) {
      return '421 Misdirected Request'
    }
    const { origin } = headers
    if (origin === undefined) return undefined
    return URL.canParse(origin) && new URL(origin).host === headers.host
      ? undefined
      : '403 Forbidden'
  }

  #welcome(socket: WebSocket, address: string): void {
    const { config, coordinator, log } = this.#parts
    const sameAddress = (this.#perAddress.get(address) ?? 0) + 1
    this.#perAddress.set(address, sameAddress)
    const session = new Session(socket, {
      config,
      coordinator,
      log,
      isStopping: () => this.#stopping,
      entered: (host, entered) => {
        const older = this.#byHost.get(host)
        this.#byHost.set(host, entered)
        older?.close(closings.replaced)
      },
      left: (host, leaving) => {
        if (this.#byHost.get(host) !== leaving) return false
        this.#byHost.delete(host)
        return true
      },
      gone: (ended) => {
        this.#sessions.delete(ended)
        const left = (this.#perAddress.get(address) ?? 1) - 1
        if (left === 0) this.#perAddress.delete(address)
        else this.#perAddress.set(address, left)
      },
    })
    this.#sessions.add(session)
    if (sameAddress > config.maxConnectionsPerAddress) {
      const limit = config.maxConnectionsPerAddress
      session.close(closingFor(new TooManySessionsError(limit, 'address'), false))
    } else if (this.#sessions.size > config.maxSessions) {
      session.close(closingFor(new TooManySessionsError(config.maxSessions, 'coordinator'), false))
    }
  }
}
