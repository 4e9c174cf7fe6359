import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as v from 'valibot'
import { DEFAULT_EPSILON } from '../src/protocol/epsilon.ts'
import { batchIdSchema, type TaskId } from '../src/protocol/ids.ts'
import { sizeOf } from '../src/protocol/intervalSet.ts'
import { parseConfig } from '../src/server/config.ts'
import { newWorkunit } from '../src/server/newWorkunit.ts'
import { startServer } from '../src/server/serve.ts'
import { openSqliteStore } from '../src/server/stores/sqlite/openSqliteStore.ts'
import type { Store } from '../src/server/stores/store.ts'
import { benchApp } from './coordinatorApp.ts'
import type { Figures } from './figures.ts'

/**
 * What one coordinator carries: real WebSocket hosts in a second process, handshakes and keys and all; every report is
 * parsed, its lease checked, its slices checked against what is done, the certificates of its outputs checked, and committed
 * to SQLite with `synchronous=FULL` before it is acknowledged. Some reports name a slice that is done already, some are sent
 * twice. Afterwards the store must hold exactly what was acknowledged, or the bench fails.
 */

const HOSTS = 500
const SLICES_PER_FRAME = 32
/** Each host reports every so often: 1,250 frames a second are offered, a quarter more than the target. */
const EVERY_MS = 400
const WARM_UP_MS = 3_000
const FOR_MS = 8_000
const WORKUNIT_ITEMS = 65_536
/** One item in so many is a hit: about one output in a frame of 32 slices. */
const HIT_EVERY = 8_192
/** Of each host's reports, every so many names a slice once more, and every so many is sent twice. */
const OVERLAP_EVERY = 8
const REPLAY_EVERY = 10
/** All hosts come from one address here. */
const LIMITS = {
  'max-connections-per-address': String(2 * HOSTS),
  'connections-per-minute': String(2 * HOSTS),
  'frames-per-second': '1000',
}
const WORKUNITS = 6_000
const PAGE = 1_000

/** What the hosts are told. */
export interface HostsOrder {
  readonly port: number
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

const BATCH = v.parse(batchIdSchema, 'bench')

/** How much load, for how long; what is not given is as the figures are published. */
export interface Load {
  readonly hosts?: number
  readonly warmUpMs?: number
  readonly forMs?: number
}

/** @throws Error when what is stored differs from what was acknowledged, or a kind of report did not occur */
export async function benchCoordinator(load: Load = {}): Promise<Figures> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-bench-'))
  try {
    return await measure(join(directory, 'weft.sqlite'), load)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function measure(
  path: string,
  { hosts: count = HOSTS, warmUpMs = WARM_UP_MS, forMs = FOR_MS }: Load,
): Promise<Figures> {
  await fill(path)
  const config = parseConfig(
    {},
    {
      port: '0',
      seed: 'off',
      'data-dir': join(path, '..'),
      'log-level': 'error',
      ...LIMITS,
    },
  )
  for (const [limit, value] of Object.entries(LIMITS))
    console.log(`changed limit: --${limit} ${value}`)
  const server = await startServer(config, { apps: [benchApp] })
  const hosts = fork(join(import.meta.dirname, 'coordinatorHosts.ts'))
  try {
    const empty = memoryBytes()
    const connected = wordOf(hosts, 'connected')
    hosts.send({
      port: server.port,
      hosts: count,
      slicesPerFrame: SLICES_PER_FRAME,
      everyMs: EVERY_MS,
      hitEvery: HIT_EVERY,
      overlapEvery: OVERLAP_EVERY,
      replayEvery: REPLAY_EVERY,
      warmUpMs,
      forMs,
    } satisfies HostsOrder)
    await connected
    const idle = memoryBytes()
    const done = wordOf(hosts, 'done')
    hosts.send({})
    const result = await done
    const { acks, latenciesMs, measuredSlices, measuredItems, seconds } = result
    await server.stop()
    const rowsStored = await compare(path, acks, result.outputs)
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
      idleBytesPerConnection: Math.round((idle - empty) / count),
      rowsStored,
    }
  } finally {
    hosts.kill()
    await server.stop()
  }
}

async function fill(path: string): Promise<void> {
  const store = openSqliteStore(path)
  const { id: app, version } = benchApp
  await store.addBatch({
    id: BATCH,
    kind: 'request',
    app,
    version,
    title: 'bench',
    createdAt: Date.now(),
    epsilon: DEFAULT_EPSILON,
  })
  const workunit = newWorkunit(benchApp, { items: WORKUNIT_ITEMS, every: HIT_EVERY })
  await store.addWorkunits(BATCH, 0, Array<typeof workunit>(WORKUNITS).fill(workunit))
  await store.setBatchState(BATCH, 'sealed')
  await store.close()
}

/**
 * How many reports are stored.
 * @throws Error unless every acknowledged report is stored as it was acknowledged, nothing else is, and the sets add up
 */
async function compare(path: string, acks: readonly Acked[], outputs: number): Promise<number> {
  const store = openSqliteStore(path)
  try {
    const acked = new Map(acks.map((ack) => [`${ack.task} ${ack.seq}`, ack]))
    let rowsStored = 0
    let accepted = 0
    for await (const report of pages(
      (after) => store.reports({ after, limit: PAGE }),
      (r) => r.id,
    )) {
      const ack = acked.get(`${report.task} ${report.seq}`)
      const credit = String(report.creditReported + report.creditFinal)
      if (ack?.acceptedItems !== report.acceptedItems || ack.credit !== credit) {
        throw new Error(`report ${report.seq} of ${report.task} is stored, not acknowledged so`)
      }
      rowsStored++
      accepted += report.acceptedItems
    }
    if (rowsStored !== acks.length) {
      throw new Error(`${acks.length} reports were acknowledged, ${rowsStored} are stored`)
    }
    const itemsStored = await itemsIn(store)
    if (itemsStored !== accepted) {
      throw new Error(`${accepted} items were acknowledged, ${itemsStored} are in the sets`)
    }
    const { results } = await store.totals()
    if (results !== outputs) throw new Error(`${outputs} outputs counted, ${results} are stored`)
    return rowsStored
  } finally {
    await store.close()
  }
}

async function itemsIn(store: Store): Promise<number> {
  let items = 0
  const workunits = pages(
    (after) => store.workunits(BATCH, { after, limit: PAGE }),
    (workunit) => workunit.position,
  )
  for await (const { reported, final } of workunits) items += sizeOf(reported) + sizeOf(final)
  return items
}

async function* pages<Row>(
  read: (after: number | undefined) => Promise<readonly Row[]>,
  place: (row: Row) => number,
): AsyncGenerator<Row> {
  let after: number | undefined
  for (;;) {
    const rows = await read(after)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = place(last)
  }
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

/** The resident set of this process after everything unreachable is gone; the kernel's socket buffers are not in it. */
function memoryBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  return process.memoryUsage().rss
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
