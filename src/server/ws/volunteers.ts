import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { HostId } from '../../protocol/ids.ts'
import type { Config } from '../config.ts'
import type { Coordinator } from '../coordinator/coordinator.ts'
import { TooManySessionsError } from '../errors.ts'
import type { Names } from '../http/names.ts'
import type { Log } from '../log.ts'
import { Budget } from './budget.ts'
import { clientAddress } from './clientAddress.ts'
import { closingFor, closings } from './closing.ts'
import { Session } from './session.ts'

const PATH = '/api/volunteer'
/** `ws` cuts longer frames off without a word; up to here the session can still say why. */
const CUT_OFF_FACTOR = 4

/** Every volunteer's session, on the HTTP server's own port. */
export class Volunteers {
  readonly #parts: Parts
  readonly #http: Server
  readonly #server: WebSocketServer
  readonly #sessions = new Set<Session>()
  readonly #byHost = new Map<HostId, Session>()
  readonly #perAddress = new Map<string, number>()
  /** How many connections each address may still open; those that are full are forgotten. */
  readonly #openings = new Map<string, Budget>()
  readonly #ping: NodeJS.Timeout
  #stopping = false

  constructor(http: Server, parts: Parts) {
    this.#http = http
    this.#parts = parts
    this.#server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: CUT_OFF_FACTOR * parts.config.maxFrameBytes,
      skipUTF8Validation: true,
    })
    http.on('upgrade', this.#upgrade)
    this.#ping = setInterval(() => {
      for (const session of this.#sessions) session.ping()
      const now = performance.now()
      for (const [address, budget] of this.#openings) {
        if (budget.isFull(now)) this.#openings.delete(address)
      }
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

  /** Says why to everyone, and hangs up; lets no one in any more. Resolves when every line is closed. */
  async close(): Promise<void> {
    this.#stopping = true
    clearInterval(this.#ping)
    const gone = [...this.#server.clients].map(
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    )
    for (const session of this.#sessions) session.close(closings.restarting)
    await Promise.all(gone)
    this.#http.off('upgrade', this.#upgrade)
  }

  readonly #upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', (error) => this.#parts.log.debug({ err: error }, 'upgrade failed'))
    const address = clientAddress(request, this.#parts.config.trustedProxy)
    const refusal = this.#refusal(request, address)
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#welcome(webSocket, address),
    )
  }

  /** The status line of a refusal. A page of another site must not speak to this coordinator in a visitor's name. */
  #refusal({ url, headers }: IncomingMessage, address: string): string | undefined {
    if (this.#stopping) return '503 Service Unavailable'
    if (url?.split('?')[0] !== PATH) return '404 Not Found'
    const { names } = this.#parts
    const { origin, host } = headers
    if (!names.answersTo(host)) return '421 Misdirected Request'
    if (origin !== undefined && !names.admits(origin, host)) return '403 Forbidden'
    return this.#mayOpen(address) ? undefined : '429 Too Many Requests'
  }

  /** Else a host would have a fresh burst of frames with every new connection. */
  #mayOpen(address: string): boolean {
    const { connectionsPerMinute: burst } = this.#parts.config
    const now = performance.now()
    const budget = this.#openings.get(address) ?? new Budget({ perSecond: burst / 60, burst }, now)
    this.#openings.set(address, budget)
    return budget.spend(now)
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

interface Parts {
  readonly config: Config
  readonly coordinator: Coordinator
  readonly names: Names
  readonly log: Log
}
