import { setTimeout as sleep } from 'node:timers/promises'
import { newIdentity, TaskReports, TestHost } from '../tests/integration/testHost.ts'
import type { Acked, HostsOrder, HostsWord } from './coordinator.ts'

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
    const some = Array.from({ length: Math.min(20, order.hosts - i) }, () =>
      TestHost.enter(order.port, newIdentity()),
    )
    hosts.push(...(await Promise.all(some)))
  }
  say({ type: 'connected' })
  await new Promise((resolve) => process.once('message', resolve))

  const measureFrom = performance.now() + order.warmUpMs
  const until = measureFrom + order.forMs
  const acks: Acked[] = []
  const latenciesMs: number[] = []
  let measuredSlices = 0
  await Promise.all(
    hosts.map(async (host, index) => {
      await sleep((order.everyMs * index) / hosts.length)
      let due = performance.now()
      while (performance.now() < until) {
        const reports = new TaskReports(await host.ask(SPEED), host.identity)
        const slices = reports.slices()
        for (
          let at = 0;
          at < slices.length && performance.now() < until;
          at += order.slicesPerFrame
        ) {
          await sleep(Math.max(0, due - performance.now()))
          const some = slices.slice(at, at + order.slicesPerFrame)
          const sent = performance.now()
          due = Math.max(due + order.everyMs, sent)
          const seal = at + some.length === slices.length
          const { task, seq, acceptedItems, credit } = await host.report(
            reports.next(some, { seal }),
          )
          acks.push({ task, seq, acceptedItems, credit: String(credit) })
          if (sent < measureFrom) continue
          latenciesMs.push(performance.now() - sent)
          measuredSlices += some.length
        }
      }
    }),
  )
  const seconds = (performance.now() - measureFrom) / 1_000
  say({ type: 'done', acks, latenciesMs, measuredSlices, seconds })
}

function say(word: HostsWord): void {
  process.send?.(word)
}
