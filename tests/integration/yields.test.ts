import * as v from 'valibot'
import { expect, test } from 'vitest'
import type { App } from '../../src/apps/app.ts'
import { appIdSchema } from '../../src/protocol/ids.ts'
import { hostIdOfKey } from '../../src/server/hostSignature.ts'
import { digestApp, type DigestInput, type DigestOutput } from './digestApp.ts'
import { newIdentity, TaskReports, TestHost, type TestIdentity } from './testHost.ts'
import { request, submit, testServer } from './testServer.ts'
import { STORES } from './testStores.ts'
import { digestFinds, workThrough, type Finds } from './workThrough.ts'

/** Digests again, and it says how many hits to expect. */
const sharesApp: App<DigestInput, DigestOutput> = {
  ...digestApp,
  id: v.parse(appIdSchema, 'shares'),
  load: {
    ...digestApp.load,
    verifier: async () => ({
      ...(await digestApp.load.verifier()),
      expectedOutputs: ({ every }) => 1 / every,
    }),
  },
}

const BOTH = [sharesApp, digestApp].map(({ id, version }) => ({ id, version }))
/** 640 hits in 40 workunits. */
const WORK = '256 16\n'.repeat(40)

/** Every other hit of these. */
const everyOther: Finds = (_, range) => digestFinds({ every: 32 }, range)

const testSharesServer = (flags: Record<string, string> = {}) =>
  testServer(flags, { apps: [sharesApp, digestApp] })

async function hostReply(server: { port: number }, { key }: TestIdentity) {
  return (await request(server, `/api/hosts/${hostIdOfKey(key)}`)).body
}

test.each(STORES)(
  'a host that withholds half of its outputs is at last refused work of that app, and no other (%s)',
  async (_, flagsOf) => {
    const server = await testSharesServer(await flagsOf())
    const batch = await submit(server, WORK, 'shares')
    const identity = newIdentity()
    const host = await TestHost.enter(server.port, identity, BOTH)
    await workThrough(host, everyOther)

    const { body: left } = await request(server, `/api/batches/${batch}`)
    expect(left.finished).toBeLessThan(left.workunits)
    const reply = await hostReply(server, identity)
    expect(reply.yields).toMatchObject([{ app: 'shares', version: 1, suspicious: true }])
    const [{ expected, found }] = reply.yields
    expect(expected).toBe(left.itemsFinal / 16)
    expect(found).toBe(left.results)
    expect(Math.abs(found - expected / 2)).toBeLessThanOrEqual(1)

    // What it has done stays, as provisional as everything is; and there is other work for it.
    const other = await submit(server, WORK, 'digest')
    await workThrough(host, everyOther)
    expect((await request(server, `/api/batches/${other}`)).body).toMatchObject({ finished: 40 })
    expect((await request(server, `/api/batches/${batch}`)).body).toEqual(left)

    // Going away and coming back does not help; an honest host finishes what it left.
    await host.leave()
    const again = await TestHost.enter(server.port, identity, BOTH)
    again.send({ type: 'ask', speed: 1e9 })
    expect(await again.expect('noWork')).toMatchObject({ reason: 'no-app-in-common' })
    const honest = newIdentity()
    await workThrough(await TestHost.enter(server.port, honest, BOTH), digestFinds)
    expect((await request(server, `/api/batches/${batch}`)).body).toMatchObject({ finished: 40 })
    const { yields } = await hostReply(server, honest)
    expect(yields).toMatchObject([{ app: 'shares', suspicious: false }])
  },
)

test('an honest host is never refused, and what it should find and does agree', async () => {
  const server = await testSharesServer()
  const batch = await submit(server, WORK, 'shares')
  const identity = newIdentity()
  await workThrough(await TestHost.enter(server.port, identity, BOTH), digestFinds)
  expect((await request(server, `/api/batches/${batch}`)).body).toMatchObject({ finished: 40 })
  expect((await hostReply(server, identity)).yields).toEqual([
    { app: 'shares', version: 1, expected: 640, found: 640, suspicious: false },
  ])
})

test('of an app that cannot say what to expect nothing is counted', async () => {
  const server = await testSharesServer()
  await submit(server, '64 16', 'digest')
  const identity = newIdentity()
  await workThrough(await TestHost.enter(server.port, identity, BOTH), digestFinds)
  expect((await hostReply(server, identity)).yields).toEqual([])
})

test('only what counts is counted: no slice twice, none with a bad output, and no output twice', async () => {
  const server = await testSharesServer()
  await submit(server, '64 4', 'shares')
  const identity = newIdentity()
  const host = await TestHost.enter(server.port, identity, BOTH)
  const reports = new TaskReports(await host.ask(1_000), identity)
  const [first, second] = reports.slices()
  if (!first || !second) throw new Error('two slices are needed')
  const [, start, log2] = first
  const [, after] = second
  const hit = { item: Math.ceil(start / 4) * 4 }
  const twice = [1, 2].map((note): [number, unknown] => [0, { ...hit, note }])
  const report = reports.next([first, second], { outputs: [...twice, [1, { item: after + 64 }]] })
  expect(await host.report(report)).toMatchObject({ refused: [[1, 'bad-output']] })
  const counted = [{ app: 'shares', expected: 2 ** log2 / 4, found: 1 }]
  expect((await hostReply(server, identity)).yields).toMatchObject(counted)
  await host.report(report)
  await host.report(reports.next([first], { outputs: [[0, hit]] }))
  expect((await hostReply(server, identity)).yields).toMatchObject(counted)
})
