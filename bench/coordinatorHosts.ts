import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Report } from '../src/protocol/messages.ts'
import { newIdentity, TaskReports, TestHost } from '../tests/integration/testHost.ts'
import type { TaskId } from '../src/protocol/ids.ts'

/** What the hosts are told. */
export interface HostsOrder {
  /** Of the coordinators; hosts are dealt out to them. */
  readonly ports: readonly number[]
  readonly hosts: number
  readonly slicesPerFrame: number
  readonly everyMs: number
  readonly hitEvery: number
  readonly overlapEvery: number
  readonly replayEvery: number
  readonly warmUpMs: number
  readonly forMs: number
}

/** What the hosts tell. */
export type HostsWord =
  | { readonly type: 'connected' }
  | { readonly type: 'warm' }
  | {
      readonly type: 'done'
      readonly acks: readonly Acked[]
      readonly latenciesMs: readonly number[]
      readonly measuredSlices: number
      readonly measuredItems: number
      readonly outputs: number
      readonly overlaps: number
      readonly replays: number
      readonly seconds: number
    }

export interface Acked {
  readonly task: TaskId
  readonly seq: number
  readonly acceptedItems: number
  /** Decimal digits. */
  readonly credit: string
}

/**
 * The load of the coordinator bench, in a process of its own: many hosts, each with a key, a connection and its own tasks.
 * Every host reports at most `slicesPerFrame` slices at a time, waits for the ack, and keeps to its interval.
 */

/** Credit per second that each host claims: a slice of the digest app is then 256 items. */
const SPEED = 1_000_000

process.on('message', (order: HostsOrder) => {
  run(order).catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})

async function run(order: HostsOrder): Promise<void> {
  const hosts: TestHost[] = []
  // A few at a time: a handshake costs both sides a signature, and everyone comes at once only in a bench.
  for (let i = 0; i < order.hosts; i += 20) {
    const some = Array.from({ length: Math.min(20, order.hosts - i) }, (_, n) =>
      TestHost.enter(order.ports[(i + n) % order.ports.length] ?? 0, newIdentity()),
    )
    hosts.push(...(await Promise.all(some)))
  }
  say({ type: 'connected' })
  await new Promise((resolve) => process.once('message', resolve))

  const measureFrom = performance.now() + order.warmUpMs
  const until = measureFrom + order.forMs
  setTimeout(() => say({ type: 'warm' }), order.warmUpMs)
  const acks: Acked[] = []
  const latenciesMs: number[] = []
  const counts = { measuredSlices: 0, measuredItems: 0, outputs: 0, overlaps: 0, replays: 0 }
  await Promise.all(
    hosts.map(async (host, index) => {
      await sleep((order.everyMs * index) / hosts.length)
      let due = performance.now()
      let reported = 0
      while (performance.now() < until) {
        const reports = new TaskReports(await host.ask(SPEED), host.identity)
        const slices = reports.slices()
        for (let at = 0; at < slices.length && performance.now() < until;) {
          await sleep(Math.max(0, due - performance.now()))
          reported++
          // One slice that an earlier report of this task did, in place of a fresh one.
          const isOverlap = at > 0 && reported % order.overlapEvery === 0
          const fresh = slices.slice(at, at + order.slicesPerFrame - (isOverlap ? 1 : 0))
          const some = isOverlap ? [...fresh, ...slices.slice(0, 1)] : fresh
          const outputs = hitsOf(fresh, order.hitEvery)
          at += fresh.length
          const seal = at === slices.length
          const report = reports.next(some, { seal, outputs })
          const sent = performance.now()
          due = Math.max(due + order.everyMs, sent)
          const ack = await host.report(report)
          const latencyMs = performance.now() - sent
          const refused = isOverlap ? [[fresh.length, 'done']] : []
          if (!isDeepStrictEqual(ack.refused, refused)) {
            throw new Error(`refused ${JSON.stringify(ack.refused)}`)
          }
          acks.push({
            task: ack.task,
            seq: ack.seq,
            acceptedItems: ack.acceptedItems,
            credit: String(ack.credit),
          })
          counts.outputs += outputs.length
          counts.overlaps += isOverlap ? 1 : 0
          if (reported % order.replayEvery === 0) {
            if (!isDeepStrictEqual(await host.report(report), ack)) {
              throw new Error('a report that was sent again got another answer')
            }
            counts.replays++
          }
          if (sent < measureFrom) continue
          latenciesMs.push(latencyMs)
          counts.measuredSlices += fresh.length
          counts.measuredItems += ack.acceptedItems
        }
      }
    }),
  )
  const seconds = (performance.now() - measureFrom) / 1_000
  say({ type: 'done', acks, latenciesMs, ...counts, seconds })
}

/** The outputs of these slices, by their index. */
function hitsOf(slices: Report['slices'], every: number): Report['outputs'] {
  return slices.flatMap(([, start, log2], index) => {
    const item = Math.ceil(start / every) * every
    return item < start + 2 ** log2 ? [[index, { item }] as [number, unknown]] : []
  })
}

function say(word: HostsWord): void {
  process.send?.(word)
}
