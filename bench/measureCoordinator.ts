import { randomUUID } from 'node:crypto'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import * as v from 'valibot'
import { DEFAULT_EPSILON } from '../src/protocol/epsilon.ts'
import { batchIdSchema, type BatchId } from '../src/protocol/ids.ts'
import { newWorkunit } from '../src/server/newWorkunit.ts'
import type { BenchStore } from './benchStore.ts'
import { compareStored, lastReport } from './compareStored.ts'
import { benchApp } from './coordinatorApp.ts'
import type { HostsOrder, HostsWord } from './coordinatorHosts.ts'
import type { CoordinatorWord } from './coordinatorServer.ts'
import { processCpuSeconds } from './processCpu.ts'

const HOSTS = 500
const SLICES_PER_FRAME = 32
const WARM_UP_MS = 3_000
const FOR_MS = 8_000
const WORKUNIT_ITEMS = 65_536
const WORKUNITS = 9_000
/** One item in so many is a hit: about one output in a frame of 32 slices. */
const HIT_EVERY = 8_192
/** Of each host's reports, every so many names a slice once more, and every so many is sent twice. */
const OVERLAP_EVERY = 8
const REPLAY_EVERY = 10
/** All hosts come from one address here. */
export const LIMITS = {
  'max-connections-per-address': String(2 * HOSTS),
  'connections-per-minute': String(2 * HOSTS),
  'frames-per-second': '1000',
}

/** How much load, for how long; what is not given is as the figures are published. */
export interface Load {
  readonly hosts?: number
  /** How often each of them reports. */
  readonly everyMs: number
  readonly replicas?: number
  readonly warmUpMs?: number
  readonly forMs?: number
}

export interface Carried {
  readonly framesPerSecond: number
  readonly slicesPerSecond: number
  readonly itemsPerSecond: number
  readonly ackP50Ms: number
  readonly ackP99Ms: number
  readonly idleBytesPerConnection: number
  readonly rowsStored: number
  /** Processor time of coordinators and database while frames were counted, without the load generator's. */
  readonly cpuMsPerFrame: number
}

/**
 * Real WebSocket hosts in a process of their own, handshakes and keys and all; every report is parsed, its lease checked, its
 * slices checked against what is done, the certificates of its outputs checked, and committed durably before it is
 * acknowledged. Some reports name a slice that is done already, some are sent twice. Afterwards the store must hold exactly what was
 * acknowledged.
 *
 * @throws Error when it does not, or a kind of report did not occur
 */
export async function measureCoordinator(place: BenchStore, load: Load): Promise<Carried> {
  const { hosts: count = HOSTS, replicas = 1, warmUpMs = WARM_UP_MS, forMs = FOR_MS } = load
  const { batch, since } = await addWork(place)
  const flags = { port: '0', seed: 'off', 'log-level': 'error', ...LIMITS, ...place.flags }
  const servers = Array.from({ length: replicas }, () =>
    fork(join(import.meta.dirname, 'coordinatorServer.ts'), [JSON.stringify(flags)]),
  )
  const hosts = fork(join(import.meta.dirname, 'coordinatorHosts.ts'))
  try {
    const empty = await Promise.all(servers.map(wordOfServer))
    const connected = wordOf(hosts, 'connected')
    hosts.send({
      ports: empty.map(({ port }) => port),
      hosts: count,
      slicesPerFrame: SLICES_PER_FRAME,
      everyMs: load.everyMs,
      hitEvery: HIT_EVERY,
      overlapEvery: OVERLAP_EVERY,
      replayEvery: REPLAY_EVERY,
      warmUpMs,
      forMs,
    } satisfies HostsOrder)
    await connected
    const idle = await Promise.all(
      servers.map((server) => {
        const word = wordOfServer(server)
        server.send('how are you')
        return word
      }),
    )
    const pids = [...servers.map(({ pid }) => pid), place.pid].filter((pid) => pid !== undefined)
    const cpuSeconds = () => pids.reduce((sum, pid) => sum + processCpuSeconds(pid), 0)

    const warm = wordOf(hosts, 'warm')
    const done = wordOf(hosts, 'done')
    hosts.send({})
    await warm
    const cpuBefore = cpuSeconds()
    const result = await done
    const cpuUsed = cpuSeconds() - cpuBefore
    await Promise.all(servers.map(stop))
    const rowsStored = await compareStored(place, { batch, since, ...result })

    const { acks, latenciesMs, measuredSlices, measuredItems, seconds } = result
    console.log(
      `of ${acks.length} reports ${result.overlaps} overlapped and ${result.replays} were sent twice; ${result.outputs} outputs were certified`,
    )
    if (result.overlaps === 0 || result.replays === 0 || result.outputs === 0) {
      throw new Error('the load lacked overlaps, replays or outputs')
    }
    const sorted = latenciesMs.toSorted((a, b) => a - b)
    return {
      framesPerSecond: round(latenciesMs.length / seconds),
      slicesPerSecond: round(measuredSlices / seconds),
      itemsPerSecond: round(measuredItems / seconds),
      ackP50Ms: round(sorted[Math.floor(sorted.length * 0.5)] ?? 0),
      ackP99Ms: round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
      idleBytesPerConnection: Math.round((bytesOf(idle) - bytesOf(empty)) / count),
      rowsStored,
      cpuMsPerFrame: Math.round((1e6 * cpuUsed) / latenciesMs.length) / 1_000,
    }
  } finally {
    hosts.kill()
    await Promise.all(servers.map(stop))
  }
}

/** A batch of this measurement's own, and the last report before it. */
async function addWork(place: BenchStore): Promise<{ batch: BatchId; since: number }> {
  const batch = v.parse(batchIdSchema, `bench-${randomUUID().slice(0, 8)}`)
  const store = await place.open()
  const { id: app, version } = benchApp
  const createdAt = Date.now()
  const epsilon = DEFAULT_EPSILON
  await store.addBatch({
    id: batch,
    kind: 'request',
    app,
    version,
    title: batch,
    createdAt,
    epsilon,
  })
  const workunit = newWorkunit(benchApp, { items: WORKUNIT_ITEMS, every: HIT_EVERY })
  for (let from = 0; from < WORKUNITS; from += 500) {
    await store.addWorkunits(batch, from, Array<typeof workunit>(500).fill(workunit))
  }
  await store.setBatchState(batch, 'sealed')
  const since = await lastReport(store)
  await store.close()
  return { batch, since }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.send('stop')
  await ended
}

async function wordOfServer(server: ChildProcess): Promise<CoordinatorWord> {
  const [word] = await Promise.race([
    once(server, 'message'),
    once(server, 'exit').then(() => Promise.reject(new Error('a coordinator ended early'))),
  ])
  return word as CoordinatorWord // coordinatorServer.ts says nothing else
}

/** The next word of this type. @throws Error when the hosts end without it */
function wordOf<Type extends HostsWord['type']>(
  hosts: ChildProcess,
  type: Type,
): Promise<Extract<HostsWord, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the hosts ended early'))
    hosts.once('exit', ended)
    hosts.on('message', (word: HostsWord) => {
      if (word.type !== type) return
      hosts.off('exit', ended)
      resolve(word as Extract<HostsWord, { type: Type }>) // its type was just compared
    })
  })
}

function bytesOf(words: readonly CoordinatorWord[]): number {
  return words.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
