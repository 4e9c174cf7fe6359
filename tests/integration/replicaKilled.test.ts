import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, onTestFinished, test } from 'vitest'
import { sizeOf } from '../../src/protocol/intervalSet.ts'
import { openPostgresStore } from '../../src/server/stores/postgres/openPostgresStore.ts'
import { newDatabase } from '../postgres/newDatabase.ts'
import { newIdentity, TaskReports, TestHost, type TestIdentity } from './testHost.ts'
import { request, submit, SUBMIT_TOKEN, testDirectory } from './testServer.ts'

test(
  'of two coordinators one is killed: the other finishes all, its hosts come along, and each item counts once',
  { timeout: 90_000 },
  async () => {
    const { url, remove } = await newDatabase(inject('postgresUrl'))
    onTestFinished(remove)
    const flags = ['--store=postgres', `--database-url=${url}`, '--claim-ms=2000']
    const [doomed, survivor] = await Promise.all([startChild(flags), startChild(flags)])
    const count = 60
    const items = 8_192
    const batch = await submit(doomed, `${items} 64\n`.repeat(count))
    const identities = [newIdentity(), newIdentity(), newIdentity(), newIdentity()]
    // Half begin where the plug is pulled, after a few of their reports; with nowhere to go back to, they turn to the other.
    const killed = once(doomed.child, 'exit')
    const work = identities.map((identity, n) =>
      roam(
        identity,
        n % 2 === 0 ? [doomed.port, survivor.port] : [survivor.port],
        batch,
        (acks) => {
          if (n === 0 && acks === 6) doomed.child.kill('SIGKILL')
        },
      ),
    )
    await killed
    const undone = await unfinished(survivor, batch)
    const accepted = (await Promise.all(work)).reduce((sum, one) => sum + one, 0)
    expect(undone).toBeGreaterThan(10)

    expect((await request(survivor, `/api/batches/${batch}`)).body).toMatchObject({
      finished: count,
      itemsFinal: count * items,
    })
    // What was acknowledged in the very moment of the kill may have gone unheard; nothing may be heard twice.
    const store = await openPostgresStore(url, () => {})
    onTestFinished(() => store.close())
    const reports = await store.reports({ limit: 100_000 })
    const counted = reports.reduce((sum, report) => sum + report.acceptedItems, 0)
    expect(counted).toBe(count * items)
    expect(accepted).toBeLessThanOrEqual(counted)
    const workunits = await store.workunits(batch as never, { limit: 100 })
    expect(workunits.map(({ final }) => sizeOf(final))).toEqual(Array(count).fill(items))
    expect((await store.totals()).items).toBe(counted)
  },
)

/** Works over any of several ports, as a host with an outbox does: what is not acknowledged is sent again, elsewhere. */
async function roam(
  identity: TestIdentity,
  ports: readonly number[],
  batch: string,
  heard: (acks: number) => void,
): Promise<number> {
  let accepted = 0
  let acks = 0
  let unsent: ReturnType<TaskReports['next']>[] = []
  for (let visit = 0; ; visit++) {
    const port = ports[visit % ports.length] ?? 0
    const host = await TestHost.enter(port, identity).catch(() => undefined)
    if (host === undefined) {
      await sleep(50)
      continue
    }
    for (;;) {
      if (unsent.length === 0) {
        host.send({ type: 'ask', speed: 100_000 })
        const answer = await host.next()
        if (answer === undefined || answer.type === 'close') break
        if (answer.type !== 'task') {
          const { body } = await request({ port }, `/api/batches/${batch}`).catch(() => ({
            body: {},
          }))
          if (body.finished !== undefined && body.finished === body.workunits) return accepted
          await sleep(100)
          continue
        }
        const reports = new TaskReports(answer, identity)
        const slices = reports.slices()
        const half = Math.ceil(slices.length / 2)
        unsent = [
          reports.next(slices.slice(0, half).slice(0, 256)),
          reports.next(slices.slice(half).slice(0, 256), { seal: true }),
        ]
      }
      const [next] = unsent
      if (next === undefined) continue
      host.send(next)
      const answer = await host.next()
      if (answer?.type !== 'ack') break
      accepted += answer.acceptedItems
      heard(++acks)
      unsent = unsent.slice(1)
    }
    host.drop()
  }
}

async function unfinished(server: { port: number }, batch: string): Promise<number> {
  const { body } = await request(server, `/api/batches/${batch}`)
  return body.workunits - body.finished
}

async function startChild(
  flags: readonly string[],
): Promise<{ child: ChildProcess; port: number }> {
  const directory = await testDirectory()
  const child = fork(join(import.meta.dirname, 'killedServer.ts'), [
    directory,
    SUBMIT_TOKEN,
    ...flags,
  ])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [port] = await once(child, 'message')
  return { child, port }
}
