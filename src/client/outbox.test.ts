import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { expect, test, vi } from 'vitest'
import { MAX_OUTPUTS_PER_REPORT, type Report } from '../protocol/messages.ts'
import { chainLink, chainStart, sealStatement } from '../protocol/statement.ts'
import { memoryStorage } from './memoryStorage.ts'
import type { ContributorStorage } from './storage.ts'
import { ackOf, isSigned, noWork, testTask } from './testing/testCoordinator.node.ts'
import { storageThatSurvives, until, whenShown } from './testing/testEngine.node.ts'
import { coordinator, engineAt, giving, slicesReported } from './testing/stage.node.ts'

/** A task of which nothing is ever finished. */
const endless = { input: { spins: 0xffffffff } }

const PATIENCE = { timeout: 20_000 }

test('the seal signs the head of the chain over every report of the task', async () => {
  const server = await coordinator()
  const task = testTask([[0, 64]], { input: { spins: 3_000_000 }, log2: 1 })
  server.onAsk = giving(task)
  const engine = await engineAt(server.url)
  engine.start()
  await until(
    () => server.reports.some(({ seal }) => seal !== undefined),
    'a sealed report',
    20_000,
  )

  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
  let head: Uint8Array = sha256(chainStart(task.token))
  server.reports.forEach((report, seq) => {
    expect(report.seq).toBe(seq)
    head = sha256(chainLink(head, report))
  })
  expect(server.reports.length).toBeGreaterThan(1)
  const seals = server.reports.map(({ seal }) => seal)
  const last = seals.pop()
  expect(seals.every((seal) => seal === undefined)).toBe(true)
  if (last === undefined) throw new Error('unreachable: the loop above waits for it')
  expect(await isSigned(server.key, sealStatement(task.task, head), last)).toBe(true)
})

test('a report whose line dropped before its ack is sent again, unchanged, and counted once', async () => {
  const server = await coordinator()
  server.onAsk = giving(testTask([[0, 40]]))
  server.onReport = (report) => (server.reports.length === 1 ? 'drop' : ackOf(report))
  const engine = await engineAt(server.url)
  engine.start()
  await whenShown(engine, (s) => s.itemsAccepted === 40, 'all items accepted')
  const [first, again] = server.reports
  expect(again).toEqual(first)
  expect(server.sessions).toBe(2)
  const slices = slicesReported(server.reports.slice(1))
  expect(slices).toHaveLength(10)
  expect(new Set(slices.map(({ start }) => start)).size).toBe(10)
})

test('a report is in storage, as it is, before it is sent', async () => {
  const server = await coordinator()
  server.onAsk = giving(testTask([[0, 40]], { input: { spins: 1_000_000 } }))
  const disk = memoryStorage()
  const inFlight: (Report | undefined)[] = []
  const slow: ContributorStorage = {
    ...disk,
    async write(changes) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      await disk.write(changes)
      for (const task of changes.values()) inFlight.push(task?.inFlight)
    },
  }
  const keptInTime: boolean[] = []
  server.onReport = (report) => {
    keptInTime.push(inFlight.some((kept) => isDeepStrictEqual(kept, report)))
    return ackOf(report)
  }
  const engine = await engineAt(server.url, { openStorage: async () => slow })
  engine.start()
  await whenShown(engine, (s) => s.itemsAccepted === 40, 'all items accepted')
  expect(keptInTime).toEqual(server.reports.map(() => true))
})

test('after a crash the next engine delivers what the last one had finished, before it asks', async () => {
  const server = await coordinator()
  server.onAsk = giving(testTask([[0, 200]], { input: { spins: 3_000_000 }, log2: 0 }))
  server.onReport = () => 'silence'
  const { forFirst, forNext, crash } = storageThatSurvives()
  const first = await engineAt(server.url, { openStorage: async () => forFirst })
  first.start()
  await until(() => server.reports.length === 1, 'a report')
  const finishedLater = async () => (await forNext.tasks())[0]?.finished.length ?? 0
  while ((await finishedLater()) < 3) await new Promise((resolve) => setTimeout(resolve, 20))
  crash()
  first.leave()
  const kept = await forNext.tasks()
  const heardBefore = server.heard.length

  server.onReport = ackOf
  server.onAsk = () => noWork()
  const second = await engineAt(server.url, { openStorage: async () => forNext })
  second.start()
  await until(() => server.heard.slice(heardBefore).some(({ type }) => type === 'ask'), 'an ask')
  const types = server.heard.slice(heardBefore).map(({ type }) => type)
  expect(types.filter((type) => type !== 'release')).toEqual([
    'hello',
    'proof',
    'report',
    'report',
    'ask',
  ])
  const [lost, again, rest] = server.reports
  expect(again).toEqual(lost)
  expect(rest).toMatchObject({ seq: 1, slices: kept[0]?.finished.map(({ slice }) => slice) })
  expect(rest?.seal).toBeDefined()
  await vi.waitFor(async () => expect(await forNext.tasks()).toEqual([]), PATIENCE)
  expect(second.snapshot.host).toBe(first.snapshot.host)
})

test('after a crash tasks of which nothing was finished are given back, before the next engine asks', async () => {
  const server = await coordinator()
  const held = [testTask([[0, 8]], endless), testTask([[8, 16]], endless)]
  server.onAsk = giving(...held)
  const { forFirst, forNext, crash } = storageThatSurvives()
  // The longest wait, so that the line stays down until the engine is gone: nobody hears it go.
  const first = await engineAt(server.url, { openStorage: async () => forFirst, random: () => 1 })
  first.start()
  await whenShown(first, (s) => s.workunits.length === 4, 'both tasks')
  await vi.waitFor(async () => expect(await forNext.tasks()).toHaveLength(2), PATIENCE)
  server.cutLines()
  await whenShown(first, (s) => s.connection.state === 'waiting', 'a lost line')
  crash()
  first.leave()
  const heardBefore = server.heard.length

  server.onAsk = () => noWork()
  const second = await engineAt(server.url, { openStorage: async () => forNext })
  second.start()
  await until(() => server.heard.slice(heardBefore).some(({ type }) => type === 'ask'), 'an ask')
  const heard = server.heard.slice(heardBefore)
  expect(heard.map(({ type }) => type)).toEqual(['hello', 'proof', 'release', 'release', 'ask'])
  const released = heard.flatMap((frame) => (frame.type === 'release' ? [frame.token] : []))
  expect(released).toEqual(held.map(({ token }) => token))
  await vi.waitFor(async () => expect(await forNext.tasks()).toEqual([]), PATIENCE)
})

test('leaving gives back what was not begun, and leaves nothing of it in storage', async () => {
  const server = await coordinator()
  server.onAsk = giving(testTask([[0, 8]], endless))
  const storage = memoryStorage()
  const engine = await engineAt(server.url, { openStorage: async () => storage })
  engine.start()
  await vi.waitFor(async () => expect(await storage.tasks()).toHaveLength(1), PATIENCE)
  engine.leave()
  await until(() => server.heard.some(({ type }) => type === 'release'), 'a release')
  await vi.waitFor(async () => expect(await storage.tasks()).toEqual([]), PATIENCE)
})

test('a slice that found more than a report may hold is dropped, with the reason, and the rest counts', async () => {
  const server = await coordinator()
  // The test kernel finds something in every fourth item.
  const flood = 8 * MAX_OUTPUTS_PER_REPORT
  server.onAsk = giving(
    testTask(
      [
        [0, flood],
        [flood, flood + 4],
      ],
      { log2: Math.log2(flood) },
    ),
  )
  const engine = await engineAt(server.url)
  engine.start()
  await until(() => server.reports.some(({ seal }) => seal !== undefined), 'a sealed report')
  await whenShown(engine, (s) => s.itemsAccepted === 4, 'the other slice')
  const [dropped, counted] = engine.snapshot.stitches
  expect(dropped).toMatchObject({ state: 'refused', why: 'too-large' })
  expect(counted).toMatchObject({ state: 'final' })
  expect(slicesReported(server.reports)).toEqual([{ grant: 1, start: flood, log2: 2 }])
  expect(engine.snapshot.unsentSlices).toBe(0)
})

test('what is finished in the middle of a task is reported with the seal when one stops', async () => {
  const server = await coordinator()
  server.onAsk = giving(testTask([[0, 400]], { input: { spins: 3_000_000 }, log2: 0 }))
  const engine = await engineAt(server.url)
  engine.start()
  await whenShown(engine, (s) => s.slicesDone >= 3, 'some slices')
  await engine.stop()
  const { slicesDone, itemsAccepted, unsentSlices } = engine.snapshot
  expect(itemsAccepted).toBe(slicesDone)
  expect(unsentSlices).toBe(0)
  expect(server.reports.at(-1)?.seal).toBeDefined()
  engine.start()
  await until(() => server.sessions === 2, 'a second visit')
})

test('a report over which the coordinator ends every session is given up, and the next task goes on', async () => {
  const server = await coordinator()
  const poison = testTask([[0, 4]])
  server.onAsk = giving(poison, testTask([[0, 8]]))
  server.onReport = (report) =>
    Buffer.from(report.token).equals(poison.token)
      ? { type: 'close', code: 'invalid_lease', message: 'no', advice: 'reconnect' }
      : ackOf(report)
  const engine = await engineAt(server.url)
  engine.start()
  await whenShown(engine, (s) => s.itemsAccepted === 8, 'the good task')
  await whenShown(engine, (s) => s.unsentSlices === 0, 'the poison gone')
  expect(engine.snapshot.stitches.filter(({ state }) => state === 'refused')).toMatchObject([
    { why: 'report-refused' },
  ])
})

test('where storage refuses to write, work goes on and the snapshot says so', async () => {
  const server = await coordinator()
  server.onAsk = giving(testTask([[0, 8]]))
  const full = {
    ...memoryStorage(),
    kind: 'kept' as const,
    write: () => Promise.reject(new DOMException('', 'QuotaExceededError')),
  }
  const engine = await engineAt(server.url, { openStorage: async () => full })
  engine.start()
  await whenShown(engine, (s) => s.itemsAccepted === 8, 'all items accepted')
  expect(engine.snapshot.storage).toBe('in-memory')
})
