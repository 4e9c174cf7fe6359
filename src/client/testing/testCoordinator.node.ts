import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import * as v from 'valibot'
import { WebSocketServer, type WebSocket } from 'ws'
import { decodeFrame, encodeFrame } from '../../protocol/frame.ts'
import {
  appIdSchema,
  batchIdSchema,
  hostIdOf,
  taskIdOf,
  workunitIdOf,
  type TaskId,
} from '../../protocol/ids.ts'
import {
  hostFrameSchema,
  type HostFrame,
  type HostKey,
  type OutgoingCoordinatorFrame,
  type Report,
} from '../../protocol/messages.ts'
import { helloStatement } from '../../protocol/statement.ts'
import { sliceRange } from '../../protocol/slice.ts'
import type { TestInput } from '../../runtime/testing/testKernel.ts'

type OutgoingTask = Extract<OutgoingCoordinatorFrame, { type: 'task' }> & { readonly task: TaskId }
type Answer = OutgoingCoordinatorFrame | 'silence' | 'drop'

/** A coordinator for one host that does what the test says, and remembers what it heard. */
export interface TestCoordinator {
  readonly url: URL
  /** Every frame heard, oldest first; frames of all sessions. */
  readonly heard: HostFrame[]
  readonly reports: Report[]
  /** Sessions that proved their key. */
  sessions: number
  key: HostKey | undefined
  reportEveryMs: number
  /** Answers an ask; no work for a minute unless the test says otherwise. */
  onAsk: () => Answer
  /** Answers a report; acknowledges it unless the test says otherwise. */
  onReport: (report: Report) => Answer
  /** Sends these bytes in every open session. */
  sendRaw(bytes: Uint8Array): void
  /** Cuts every line, without a goodbye. */
  cutLines(): void
  close(): Promise<void>
}

export const noWork = (retryAfterMs = 60_000): Answer => ({
  type: 'noWork',
  reason: 'all-leased',
  retryAfterMs,
})

/** Tasks by their token, so that any report finds its task. */
const tasks = new Map<string, OutgoingTask>()

/** A task over `[start, end]` item ranges, one grant each, every other one of a second workunit. */
export function testTask(
  ranges: readonly (readonly [number, number])[],
  options: { log2?: number; input?: TestInput; app?: string; leaseMs?: number } = {},
): OutgoingTask {
  const batch = v.parse(batchIdSchema, 'batch')
  const workunit = (position: number) => ({
    id: workunitIdOf(batch, position),
    batch,
    kind: 'practice' as const,
    app: v.parse(appIdSchema, options.app ?? 'test-app'),
    version: 1,
    input: { ...options.input },
    itemCount: 1_000_000,
    itemCost: '3',
  })
  const token = new Uint8Array(randomBytes(48))
  const task: OutgoingTask = {
    type: 'task',
    task: taskIdOf(randomBytes(16)),
    token,
    leaseMs: options.leaseMs ?? 60_000,
    workunits: [workunit(0), workunit(1)],
    grants: ranges.map(([start, end], i) => ({
      workunit: i % 2,
      start,
      end,
      log2: options.log2 ?? 2,
      seed: new Uint8Array(randomBytes(8)),
    })),
  }
  tasks.set(tokenKey(token), task)
  return task
}

export function ackOf(report: Report): Extract<OutgoingCoordinatorFrame, { type: 'ack' }> {
  const task = tasks.get(tokenKey(report.token))
  if (task === undefined) throw new Error('A report for a task that was never given.')
  const items = report.slices.reduce((sum, [, start, log2]) => {
    const range = sliceRange({ start, log2 })
    return sum + range.end - range.start
  }, 0)
  return {
    type: 'ack',
    task: task.task,
    seq: report.seq,
    acceptedItems: items,
    refused: [],
    credit: String(items * 3),
    state: 'final',
  }
}

export async function startTestCoordinator(): Promise<TestCoordinator> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/api/volunteer' })
  await once(server, 'listening')
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo
  const coordinator: TestCoordinator = {
    url: new URL(`http://127.0.0.1:${port}`),
    heard: [],
    reports: [],
    sessions: 0,
    key: undefined,
    reportEveryMs: 100,
    onAsk: () => noWork(),
    onReport: ackOf,
    sendRaw(bytes) {
      for (const socket of server.clients) socket.send(bytes)
    },
    cutLines() {
      for (const socket of server.clients) socket.terminate()
    },
    async close() {
      coordinator.cutLines()
      server.close()
      await once(server, 'close')
    },
  }
  server.on('connection', (socket) => serve(socket, coordinator))
  return coordinator
}

function serve(socket: WebSocket, coordinator: TestCoordinator): void {
  const nonce = new Uint8Array(randomBytes(32))
  const answer = (frame: Answer): void => {
    if (frame === 'drop') socket.terminate()
    else if (frame !== 'silence') socket.send(encodeFrame(frame))
  }
  async function hear(frame: HostFrame): Promise<void> {
    coordinator.heard.push(frame)
    switch (frame.type) {
      case 'hello':
        coordinator.key = frame.key
        return answer({ type: 'challenge', nonce })
      case 'proof':
        if (!(await isSigned(coordinator.key, helloStatement(nonce), frame.signature))) {
          return answer('drop')
        }
        coordinator.sessions++
        return answer(welcomeFor(coordinator))
      case 'ask':
        return answer(coordinator.onAsk())
      case 'report':
        coordinator.reports.push(frame)
        return answer(coordinator.onReport(frame))
      case 'release':
        return undefined
    }
  }
  socket.on('message', (data: Buffer) => {
    hear(decodeFrame(hostFrameSchema, new Uint8Array(data))).catch(() => socket.terminate())
  })
}

function welcomeFor({ key, reportEveryMs }: TestCoordinator): Answer {
  const digest = createHash('sha256')
    .update(key?.publicKey ?? new Uint8Array())
    .digest()
  return {
    type: 'welcome',
    host: hostIdOf(digest),
    trust: 'none',
    reportEveryMs,
    credit: { reported: '0', final: '0' },
  }
}

/** Checks a host's signature with WebCrypto's other half. */
export async function isSigned(
  key: HostKey | undefined,
  statement: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  if (key === undefined) return false
  const curve = key.algorithm === 'Ed25519' ? 'Ed25519' : { name: 'ECDSA', namedCurve: 'P-256' }
  const publicKey = await crypto.subtle.importKey('raw', key.publicKey, curve, true, ['verify'])
  const scheme = key.algorithm === 'Ed25519' ? 'Ed25519' : { name: 'ECDSA', hash: 'SHA-256' }
  return crypto.subtle.verify(scheme, publicKey, signature, statement)
}

const tokenKey = (token: Uint8Array): string => Buffer.from(token).toString('base64')
