import { randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { WebSocket, type RawData } from 'ws'
import { MalformedFrameError } from '../../protocol/errors.ts'
import { decodeFrame, encodeFrame } from '../../protocol/frame.ts'
import type { HostId } from '../../protocol/ids.ts'
import {
  hostFrameSchema,
  type HostFrame,
  type OutgoingCoordinatorFrame,
} from '../../protocol/messages.ts'
import { helloStatement } from '../../protocol/statement.ts'
import { PROTOCOL_VERSION } from '../../protocol/version.ts'
import type { Config } from '../config.ts'
import type { Coordinator } from '../coordinator/coordinator.ts'
import { TRUST } from '../coordinator/decideReport.ts'
import type { ReportingHost } from '../coordinator/reportTaker.ts'
import { TooManyFramesError, UnexpectedFrameError, WrongSignatureError } from '../errors.ts'
import { hostIdOfKey, isSignedBy, readHostKey } from '../hostSignature.ts'
import type { Log } from '../log.ts'
import { HostYields } from '../yields/hostYields.ts'
import { Budget } from './budget.ts'
import { Choice } from './choice.ts'
import { closingFor, closings, type Closing } from './closing.ts'

/** A host that is told to go has this long to hang up by itself. */
const HANG_UP_MS = 2_000
/** A host that asks but does not read what it is sent is cut off at this many waiting bytes. */
const MAX_UNREAD_BYTES = 1_048_576
/** How many seconds' worth of frames may come at once: a host that was away sends what it kept. */
const BURST_SECONDS = 5
/** Clean ends: the program stopped, the page was left, or `close()` gave no reason. */
const GOODBYE = new Set([1000, 1001, 1005])

type State =
  | { readonly state: 'greeting' }
  | {
      readonly state: 'proving'
      readonly nonce: Uint8Array
      readonly candidate: Candidate
    }
  | { readonly state: 'entering' }
  | { readonly state: 'open'; readonly host: OpenHost }
  | { readonly state: 'closed' }

/** A host and what it says that it can run; not proven until its session is open. */
interface Candidate extends Omit<ReportingHost, 'yields'> {
  readonly canRun: (app: string, version: number) => boolean
}

/** A host that has proven its key, and what it may run. */
interface OpenHost extends ReportingHost, Candidate {}

/** Enough of a hello to know whether the rest can be read. */
const greetingSchema = v.object({ type: v.literal('hello'), protocol: v.number() })

/** One volunteer's connection: hello, challenge, proof, welcome; then asks, reports and releases until either side ends it. */
export class Session {
  readonly #socket: WebSocket
  readonly #parts: SessionParts
  readonly #budget: Budget
  readonly #handshake: NodeJS.Timeout
  #state: State = { state: 'greeting' }
  #answersPing = true

  constructor(socket: WebSocket, parts: SessionParts) {
    this.#socket = socket
    this.#parts = parts
    const perSecond = parts.config.framesPerSecond
    this.#budget = new Budget({ perSecond, burst: BURST_SECONDS * perSecond }, performance.now())
    this.#handshake = setTimeout(() => this.close(closings.tooSlow), parts.config.handshakeMs)
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    socket.on('pong', () => {
      this.#answersPing = true
    })
    socket.on('close', (code) => this.#ended(code))
    // A broken line; `close` follows. A frame past ws's own limit ends here too, with status 1009.
    socket.on('error', (error) => parts.log.debug({ err: error }, 'socket error'))
  }

  /** Drops the connection if the last ping was not answered; otherwise sends the next. */
  ping(): void {
    if (!this.#answersPing) return this.#socket.terminate()
    this.#answersPing = false
    this.#socket.ping()
  }

  /** Says why, and hangs up. Frames that still arrive are not looked at. */
  close(closing: Closing): void {
    if (this.#state.state === 'closed') return
    this.#leaveState()
    this.#transmit({ type: 'close', ...closing })
    this.#socket.close(1000, closing.code)
    setTimeout(() => this.#socket.terminate(), HANG_UP_MS).unref()
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#state.state === 'closed' || this.#parts.isStopping()) return
    this.#handle(data, isBinary).catch((error: unknown) => {
      const closing = closingFor(error, this.#isIn('open'))
      if (closing.code === 'internal_error') this.#parts.log.error({ err: error }, 'frame failed')
      else this.#parts.log.debug({ code: closing.code }, 'session closed')
      this.close(closing)
    })
  }

  async #handle(data: RawData, isBinary: boolean): Promise<void> {
    const { config } = this.#parts
    if (!this.#budget.spend(performance.now())) {
      throw new TooManyFramesError(config.framesPerSecond)
    }
    // `ws` gives one Buffer per message unless it is told otherwise.
    if (!isBinary || !Buffer.isBuffer(data)) throw new MalformedFrameError('it is text')
    if (data.length > config.maxFrameBytes) {
      throw new MalformedFrameError(`it is longer than ${config.maxFrameBytes} bytes`)
    }
    if (this.#state.state === 'greeting') {
      const { protocol } = decodeFrame(greetingSchema, data)
      if (protocol !== PROTOCOL_VERSION) {
        return this.close(closings.otherProtocol(protocol, PROTOCOL_VERSION))
      }
    }
    const frame = decodeFrame(hostFrameSchema, data)
    switch (this.#state.state) {
      case 'greeting':
        return frame.type === 'hello' ? this.#greet(frame) : this.#refuse(frame)
      case 'proving':
        return frame.type === 'proof'
          ? this.#enter(this.#state, frame.signature)
          : this.#refuse(frame)
      case 'open':
        return this.#work(this.#state.host, frame)
      case 'entering':
        return this.#refuse(frame)
      case 'closed':
    }
  }

  #greet(hello: Extract<HostFrame, { type: 'hello' }>): void {
    const nonce = randomBytes(32)
    const apps = new Set(hello.apps.map((app) => `${app.id} ${app.version}`))
    this.#state = {
      state: 'proving',
      nonce,
      candidate: {
        id: hostIdOfKey(hello.key),
        hostKey: hello.key,
        key: readHostKey(hello.key),
        canRun: (app, version) => apps.has(`${app} ${version}`),
      },
    }
    this.#send({ type: 'challenge', nonce })
  }

  async #enter(proving: Extract<State, { state: 'proving' }>, signature: Uint8Array) {
    const { candidate, nonce } = proving
    if (!isSignedBy(candidate.key, helloStatement(nonce), signature)) {
      throw new WrongSignatureError('hello')
    }
    clearTimeout(this.#handshake)
    this.#state = { state: 'entering' }
    const { id } = candidate
    const { store } = this.#parts.coordinator
    // Only read: a host is stored with its first report, since a visit costs nothing and a write does.
    const [stored, sums] = await Promise.all([store.host(id), store.yields(id)])
    if (!this.#isIn('entering')) return
    const yields = new HostYields(id, sums, this.#parts.log)
    const canRun: OpenHost['canRun'] = (app, version) =>
      candidate.canRun(app, version) && !yields.isSuspected(app, version)
    this.#state = { state: 'open', host: { ...candidate, yields, canRun } }
    this.#parts.entered(id, this)
    this.#send({
      type: 'welcome',
      host: id,
      trust: TRUST,
      reportEveryMs: this.#parts.config.reportEveryMs,
      credit: {
        reported: String(stored?.creditReported ?? 0n),
        final: String(stored?.creditFinal ?? 0n),
      },
    })
  }

  async #work(host: OpenHost, frame: HostFrame): Promise<void> {
    const { coordinator } = this.#parts
    switch (frame.type) {
      case 'ask': {
        const choice = new Choice(host, frame.apps)
        const answer = await coordinator.ask({
          host: host.id,
          canRun: (app, version) => choice.canRun(app, version),
          speed: frame.speed,
          isHere: () => this.#isIn('open'),
        })
        return answer && this.#send(choice.explain(answer))
      }
      case 'report':
        return this.#send(await coordinator.report(host, frame))
      case 'release':
        return coordinator.release(host.id, frame.token)
      case 'hello':
      case 'proof':
        return this.#refuse(frame)
    }
  }

  #refuse(frame: HostFrame): never {
    throw new UnexpectedFrameError(frame.type, this.#state.state)
  }

  #send(frame: OutgoingCoordinatorFrame): void {
    if (this.#state.state === 'closed') return
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) return this.#socket.terminate()
    this.#transmit(frame)
  }

  #transmit(frame: OutgoingCoordinatorFrame): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(encodeFrame(frame))
  }

  #ended(code: number): void {
    const host = this.#leaveState()
    // Only who says goodbye gives its leases back; a line that broke may come back before they run out.
    if (host !== undefined && GOODBYE.has(code)) this.#parts.coordinator.leave(host)
    this.#parts.gone(this)
  }

  /** Returns the host whose session this was until now; a newer session may have replaced it. */
  #leaveState(): HostId | undefined {
    const before = this.#state
    clearTimeout(this.#handshake)
    this.#state = { state: 'closed' }
    if (before.state !== 'open') return undefined
    return this.#parts.left(before.host.id, this) ? before.host.id : undefined
  }

  #isIn(state: State['state']): boolean {
    return this.#state.state === state
  }
}

interface SessionParts {
  readonly config: Config
  readonly coordinator: Coordinator
  readonly log: Log
  readonly isStopping: () => boolean
  /** The host has proven its key. */
  readonly entered: (host: HostId, session: Session) => void
  /** The session is the host's no more; whether it was until now (a newer one may have replaced it). */
  readonly left: (host: HostId, session: Session) => boolean
  /** The connection is over. */
  readonly gone: (session: Session) => void
}
