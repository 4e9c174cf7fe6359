import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, onTestFinished, test } from 'vitest'
import { sizeOf } from '../../src/protocol/intervalSet.ts'
import type { Ack, Report, Task } from '../../src/protocol/messages.ts'
import { decodeSliceRecords } from '../../src/server/stores/sliceRecords.ts'
import { openSqliteStore } from '../../src/server/stores/sqlite/openSqliteStore.ts'
import { openPostgresStore } from '../../src/server/stores/postgres/openPostgresStore.ts'
import type { Store, StoredReport } from '../../src/server/stores/store.ts'
import { newDatabase } from '../postgres/newDatabase.ts'
import { seededRandom } from '../seededRandom.ts'
import { newIdentity, TaskReports, TestHost } from './testHost.ts'
import { submit, SUBMIT_TOKEN, testDirectory } from './testServer.ts'

const random = seededRandom('killed')
const KILLS = 16
const HOSTS = 5
/** More than the hosts get done, so that every kill comes in the middle of work. */
const WORKUNITS = 400
const ITEMS = 131_072

interface Place {
  /** A coordinator's flags. */
  readonly flags: readonly string[]
  open(): Promise<Store>
}

const PLACES: readonly [string, (dataDir: string) => Promise<Place>][] = [
  [
    'SQLite',
    async (dataDir) => ({
      flags: [],
      open: async () => openSqliteStore(join(dataDir, 'weft.sqlite')),
    }),
  ],
  [
    'PostgreSQL',
    async () => {
      const { url, remove } = await newDatabase(inject('postgresUrl'))
      onTestFinished(remove)
      return {
        // Each life is a new coordinator: what the last one claimed comes back when its time is over.
        flags: ['--store=postgres', `--database-url=${url}`, '--claim-ms=1000'],
        open: () => openPostgresStore(url, () => {}),
      }
    },
  ],
]

test.each(PLACES)(
  'kill -9 at any moment, on %s: what was acknowledged is stored, whole, and counted once',
  { timeout: 90_000 },
  async (_, placeIn) => {
    const dataDir = await testDirectory()
    const place = await placeIn(dataDir)
    const hosts = Array.from({ length: HOSTS }, () => new StubbornHost())
    let batch = ''
    for (let round = 0; round <= KILLS; round++) {
      const { child, port } = await startChild(dataDir, place.flags)
      batch ||= await submit({ port }, `${ITEMS} 64\n`.repeat(WORKUNITS))
      const streams = hosts.map((host) => host.stream(port))
      await sleep(20 + random() * 500)
      const ended = once(child, 'exit')
      if (round < KILLS) child.kill('SIGKILL')
      else child.send('stop')
      await Promise.all([...streams, ended])
    }

    const store = await place.open()
    onTestFinished(() => store.close())
    const stored = await allOf((after) => store.reports({ after, limit: 1_000 }))
    const sent = new Map(hosts.flatMap((host) => [...host.sent]))
    const acks = hosts.flatMap((host) => host.acks)
    expect(acks.length).toBeGreaterThan(KILLS)
    const byName = new Map(stored.map((report) => [nameOf(report), report]))
    expect(byName.size).toBe(stored.length)
    for (const ack of acks) {
      const report = byName.get(nameOf(ack))
      expect(report).toMatchObject({ acceptedItems: ack.acceptedItems, creditFinal: ack.credit })
      expect(report && decodeSliceRecords(report.slices)).toEqual(sent.get(nameOf(ack))?.slices)
    }
    // What is stored without an acknowledgement was at least sent: its answer was lost with the line.
    for (const report of stored) expect(sent.has(nameOf(report))).toBe(true)

    const counted = stored.reduce((sum, report) => sum + report.acceptedItems, 0)
    const workunits = await store.workunits(batch as never, { limit: 1_000 })
    const inSets = workunits.reduce(
      (sum, { reported, final }) => sum + sizeOf(reported) + sizeOf(final),
      0,
    )
    expect(counted).toBe(inSets)
    expect(inSets).toBeLessThan(WORKUNITS * ITEMS)
    expect((await store.totals()).items).toBe(inSets)
  },
)

/** A host that keeps what is not acknowledged, and sends it again, unchanged, whenever there is a coordinator. */
class StubbornHost {
  readonly identity = newIdentity()
  readonly acks: Ack[] = []
  readonly sent = new Map<string, Report>()
  #task: { reports: TaskReports; rest: Report['slices'] } | undefined
  #unsent: Report | undefined

  /** Works until the line is gone. */
  async stream(port: number): Promise<void> {
    const host = await TestHost.enter(port, this.identity).catch(() => undefined)
    if (host === undefined) return
    for (;;) {
      if (this.#unsent === undefined) {
        this.#task ??= await nextTask(host, this.identity)
        if (this.#task === undefined) return
        const count = 1 + Math.floor(random() * 8)
        const slices = this.#task.rest.slice(0, count)
        this.#task.rest = this.#task.rest.slice(count)
        const seal = this.#task.rest.length === 0
        this.#unsent = this.#task.reports.next(slices, { seal })
        this.sent.set(
          nameOf({ task: this.#task.reports.task.task, seq: this.#unsent.seq }),
          this.#unsent,
        )
      }
      host.send(this.#unsent)
      const frame = await host.next()
      if (frame?.type !== 'ack') return
      this.acks.push(frame)
      if (this.#unsent.seal) this.#task = undefined
      this.#unsent = undefined
    }
  }
}

async function nextTask(host: TestHost, identity: ReturnType<typeof newIdentity>) {
  host.send({ type: 'ask', speed: 300_000 })
  const frame = await host.next()
  if (frame?.type !== 'task') return undefined
  const task: Task = frame
  const reports = new TaskReports(task, identity)
  return { reports, rest: reports.slices() }
}

async function startChild(
  dataDir: string,
  flags: readonly string[],
): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(import.meta.dirname, 'killedServer.ts'), [
    dataDir,
    SUBMIT_TOKEN,
    ...flags,
  ])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [port] = await once(child, 'message')
  return { child, port }
}

function nameOf({ task, seq }: { task: string; seq: number }): string {
  return `${task} ${seq}`
}

async function allOf(read: (after: number | undefined) => Promise<StoredReport[]>) {
  const all: StoredReport[] = []
  for (;;) {
    const page = await read(all.at(-1)?.id)
    if (page.length === 0) return all
    all.push(...page)
  }
}
