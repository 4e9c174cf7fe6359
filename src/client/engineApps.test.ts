import * as v from 'valibot'
import { expect, test } from 'vitest'
import { appIdSchema, type AppId } from '../protocol/ids.ts'
import { fakeGpu } from '../runtime/testing/fakeGpu.node.ts'
import { testApps } from './testing/testApp.ts'
import { coordinator, engineAt, giving, slicesReported } from './testing/stage.node.ts'
import { noWork, testTask, type TestCoordinator } from './testing/testCoordinator.node.ts'
import { until, whenShown } from './testing/testEngine.node.ts'

const ids = ['one-app', 'other-app']
const [one, other] = ids.map((id) => v.parse(appIdSchema, id)) as [AppId, AppId]

/** An engine that can run two apps, and a task of `one` that takes it a while. */
async function stage(parts: Parameters<typeof engineAt>[1] = {}) {
  const server = await coordinator()
  const long = testTask([[0, 10_000]], { app: one, input: { spins: 1_000_000 }, log2: 0 })
  const engine = await engineAt(server.url, { apps: await testApps({ ids }), ...parts })
  return { server, engine, long }
}

const asks = ({ heard }: TestCoordinator) => heard.filter((frame) => frame.type === 'ask')
const releases = ({ heard }: TestCoordinator) => heard.filter(({ type }) => type === 'release')

test('without a choice an ask names no apps; with one it names them', async () => {
  const { server, engine } = await stage()
  server.onAsk = () => noWork(200)
  engine.start()
  await until(() => asks(server).length === 1, 'an ask')
  engine.setApps([other])
  expect(engine.snapshot.apps).toEqual([other])
  await until(() => asks(server).length > 2, 'more asks')
  engine.setApps(undefined)
  const before = asks(server).length
  await until(() => asks(server).length > before, 'another')
  const named = asks(server).map((ask) => ask.apps)
  expect(named[0]).toBeUndefined()
  expect(named[2]).toEqual([other])
  expect(named.at(-1)).toBeUndefined()
})

test('a choice that was made before the start holds from the first ask on', async () => {
  const { server, engine } = await stage({ chosen: [one] })
  engine.start()
  await until(() => asks(server).length === 1, 'an ask')
  expect(asks(server)[0]?.apps).toEqual([one])
  expect(engine.snapshot.apps).toEqual([one])
})

test('work of an app that is chosen no longer is given up at once, what it finished is reported, and other work is asked for', async () => {
  const { server, engine, long } = await stage()
  const next = testTask([[0, 8]], { app: other })
  server.onAsk = giving(long, next)
  engine.start()
  await whenShown(engine, (s) => s.slicesDone > 3, 'some slices')
  engine.setApps([other])
  expect(engine.snapshot.stitches.some(({ state }) => state === 'computing')).toBe(true)
  await whenShown(engine, (s) => s.stitches.at(-1)?.workunit.app === other, 'other work')
  // A seal may wait for the ack of the report before it, so that the other task is sealed first.
  const sealed = () => server.reports.filter(({ seal }) => seal !== undefined)
  await until(() => sealed().length === 2, 'both sealed')
  await whenShown(engine, (s) => s.unsentSlices === 0 && s.workunits.length === 0, 'all sent')
  const { slicesDone } = engine.snapshot
  expect(slicesReported(server.reports)).toHaveLength(slicesDone)
  expect(slicesDone).toBeLessThan(1_000)
  const tokens = sealed().map(({ token }) => Buffer.from(token).toString('hex'))
  const both = [long, next].map(({ token }) => Buffer.from(token).toString('hex'))
  expect(new Set(tokens)).toEqual(new Set(both))
})

test('a task of which nothing is finished is released', async () => {
  const { server, engine } = await stage()
  const endless = testTask([[0, 4]], { app: one, input: { spins: 0xffffffff } })
  server.onAsk = giving(endless)
  engine.start()
  await whenShown(engine, (s) => s.stitches.length > 0, 'an item begun')
  engine.setApps([other])
  await until(() => releases(server).length === 1, 'its release')
  expect(releases(server)).toMatchObject([{ token: endless.token }])
  expect(server.reports).toEqual([])
})

test('a task that arrives after its app was unchosen is given back, and the question put anew', async () => {
  const { server, engine, long } = await stage()
  server.onAsk = () => {
    if (asks(server).length > 1) return noWork()
    engine.setApps([other])
    return long
  }
  engine.start()
  await until(() => asks(server).length === 2, 'another ask')
  expect(releases(server)).toMatchObject([{ token: long.token }])
  expect(engine.snapshot.slicesDone).toBe(0)
})

test('a coordinator that gives what was not chosen gets it back, and is not asked again and again', async () => {
  const { server, engine, long } = await stage({ chosen: [other] })
  server.onAsk = () => long
  engine.start()
  await whenShown(engine, (s) => s.phase.state === 'idle', 'an idle host')
  expect(engine.snapshot.phase).toMatchObject({ reason: 'none-of-your-apps' })
  await until(() => releases(server).length === 1, 'its release')
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(asks(server)).toHaveLength(1)
  expect(engine.snapshot.slicesDone).toBe(0)
})

test('where the chosen apps have no work it says so, and another choice is asked for at once', async () => {
  const { server, engine } = await stage({ chosen: [one] })
  server.onAsk = () => ({ type: 'noWork', reason: 'none-of-your-apps', retryAfterMs: 60_000 })
  engine.start()
  await whenShown(engine, (s) => s.phase.state === 'idle', 'an idle host')
  expect(engine.snapshot.phase).toMatchObject({ reason: 'none-of-your-apps' })
  server.onAsk = giving(testTask([[0, 8]], { app: other }))
  engine.setApps([one, other])
  await whenShown(engine, (s) => s.itemsAccepted === 8, 'the other work done')
})

test.each([
  ['the one that is chosen', one],
  ['one that is not', other],
])('a GPU that is wrong in %s is not used', async (_, wrong) => {
  const { server, engine, long } = await stage({
    apps: await testApps({ ids, gpu: true }),
    spawnGpuWorker: fakeGpu({ wrong }).spawn,
    chosen: [one],
  })
  server.onAsk = giving(long)
  engine.start()
  await whenShown(engine, (s) => s.gpu.state === 'unavailable', 'it refused')
  expect(engine.snapshot.gpu).toMatchObject({ reason: 'disagrees' })
  expect(engine.snapshot.gpu).toMatchObject({ why: expect.stringContaining(wrong) })
})
