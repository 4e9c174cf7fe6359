import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { inspect } from 'node:util'
import { WebSocket } from 'ws'
import { digestToBytes } from '../../src/protocol/digest.ts'
import { decodeFrame, encodeFrame } from '../../src/protocol/frame.ts'
import {
  coordinatorFrameSchema,
  type CoordinatorFrame,
  type HostKey,
  type Report,
  type Task,
} from '../../src/protocol/messages.ts'
import { slicesOf } from '../../src/protocol/slice.ts'
import {
  chainLink,
  chainStart,
  helloStatement,
  sealStatement,
} from '../../src/protocol/statement.ts'
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts'

type FrameOf<Type extends CoordinatorFrame['type']> = Extract<CoordinatorFrame, { type: Type }>

/** What it says it can run. */
const DIGEST: readonly { readonly id: string; readonly version: number }[] = [
  { id: 'digest', version: 1 },
]

/** A host's key pair, and what it signs with it. */
export interface TestIdentity {
  readonly key: HostKey
  sign(statement: Uint8Array): Uint8Array<ArrayBuffer>
}

export function newIdentity(algorithm: HostKey['algorithm'] = 'Ed25519'): TestIdentity {
  if (algorithm === 'Ed25519') {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const raw = Buffer.from(jwk(publicKey).x ?? '', 'base64url')
    return {
      key: { algorithm, publicKey: new Uint8Array(raw) },
      sign: (statement) => new Uint8Array(sign(null, statement, privateKey)),
    }
  }
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = jwk(publicKey)
  const point = Buffer.concat([
    Buffer.of(4),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ])
  return {
    key: { algorithm, publicKey: new Uint8Array(point) },
    sign: (statement) => sign('sha256', statement, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  }
}

function jwk(key: KeyObject) {
  return key.export({ format: 'jwk' })
}

/**
 * A volunteer that speaks the protocol for real and computes nothing: its digests are zeros, which `trust: none` takes.
 * Every step can be done wrongly on purpose.
 */
export class TestHost {
  readonly identity: TestIdentity
  readonly socket: WebSocket
  readonly #inbox: CoordinatorFrame[] = []
  readonly #waiting: ((frame: CoordinatorFrame | undefined) => void)[] = []
  #over = false
  /** With what status the connection closed. */
  closeStatus: number | undefined

  constructor(port: number, identity: TestIdentity = newIdentity(), headers = {}) {
    this.identity = identity
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/api/volunteer`, {
      headers,
      perMessageDeflate: false,
    })
    this.socket.on('message', (data: Buffer) => {
      const frame = decodeFrame(coordinatorFrameSchema, data)
      const waiting = this.#waiting.shift()
      if (waiting) waiting(frame)
      else this.#inbox.push(frame)
    })
    // `close` follows every error.
    this.socket.on('error', () => {})
    this.socket.on('close', (status) => {
      this.#over = true
      this.closeStatus = status
      for (const waiting of this.#waiting.splice(0)) waiting(undefined)
    })
  }

  /** Connects and proves its key. */
  static async enter(port: number, identity?: TestIdentity, apps = DIGEST): Promise<TestHost> {
    const host = new TestHost(port, identity)
    await host.opened()
    host.hello(PROTOCOL_VERSION, apps)
    const { nonce } = await host.expect('challenge')
    host.send({ type: 'proof', signature: host.identity.sign(helloStatement(nonce)) })
    await host.expect('welcome')
    return host
  }

  async opened(): Promise<void> {
    await once(this.socket, 'open')
  }

  hello(protocol = PROTOCOL_VERSION, apps = DIGEST): void {
    this.send({ type: 'hello', protocol, key: this.identity.key, apps })
  }

  send(frame: object): void {
    this.socket.send(encodeFrame(frame))
  }

  /** The next frame; undefined when the connection is over. */
  async next(): Promise<CoordinatorFrame | undefined> {
    const frame = this.#inbox.shift()
    if (frame || this.#over) return frame
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  async expect<Type extends CoordinatorFrame['type']>(type: Type): Promise<FrameOf<Type>> {
    const frame = await this.next()
    if (frame?.type !== type) {
      throw new Error(`expected ${type}, got ${frame ? inspect(frame) : 'the end'}`)
    }
    return frame as FrameOf<Type> // its type was just compared
  }

  async ask(speed = 100_000): Promise<Task> {
    this.send({ type: 'ask', speed })
    return this.expect('task')
  }

  async report(report: Report): Promise<FrameOf<'ack'>> {
    this.send(report)
    return this.expect('ack')
  }

  /** Leaves as a page does that is closed. */
  async leave(): Promise<void> {
    if (this.#over) return
    this.socket.close(1001)
    await once(this.socket, 'close')
  }

  /** Goes as a phone does in a tunnel. */
  drop(): void {
    this.socket.terminate()
  }
}

/** Writes a task's reports one after another, with its digest chain. */
export class TaskReports {
  readonly task: Task
  readonly #identity: TestIdentity
  #head: Uint8Array
  #seq = 0

  constructor(task: Task, identity: TestIdentity) {
    this.task = task
    this.#identity = identity
    this.#head = sha256(chainStart(task.token))
  }

  /** Every slice of the task, as reports name them. */
  slices(): Report['slices'] {
    return this.task.grants.flatMap((grant, index) =>
      slicesOf(grant, grant.log2).map(({ start, log2 }): Report['slices'][number] => [
        index,
        start,
        log2,
        digestToBytes(0n),
      ]),
    )
  }

  next(slices: Report['slices'], { outputs = [], seal = false }: NextReport = {}): Report {
    const report = {
      type: 'report' as const,
      token: this.task.token,
      seq: this.#seq++,
      slices,
      outputs,
    }
    this.#head = sha256(chainLink(this.#head, report))
    if (!seal) return report
    return { ...report, seal: this.#identity.sign(sealStatement(this.task.task, this.#head)) }
  }
}

interface NextReport {
  readonly outputs?: Report['outputs']
  readonly seal?: boolean
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
