import * as v from 'valibot'
import { expect, test } from 'vitest'
import { appIdSchema } from '../../src/protocol/ids.ts'
import { digestApp } from './digestApp.ts'
import { TestHost } from './testHost.ts'
import { submit, testServer } from './testServer.ts'

const other = { ...digestApp, id: v.parse(appIdSchema, 'other') }
const both = [digestApp, other].map(({ id, version }) => ({ id, version }))

test('an ask that names apps gets work of those alone, and hears when only the others have any', async () => {
  const server = await testServer({}, { apps: [digestApp, other] })
  await submit(server, '64 16', 'digest')
  const host = await TestHost.enter(server.port, undefined, both)
  const ask = (apps?: readonly string[]) => {
    host.send({ type: 'ask', speed: 1, ...(apps === undefined ? {} : { apps }) })
    return host.next()
  }
  expect(await ask(['other'])).toMatchObject({ type: 'noWork', reason: 'none-of-your-apps' })
  await submit(server, '64 16', 'other')
  const chosen = await ask(['other'])
  expect(chosen).toMatchObject({ type: 'task', workunits: [{ app: 'other' }] })
  expect(await ask()).toMatchObject({ type: 'task' })
  await host.leave()
})

test('an app that was asked for and not named at the start gives nothing', async () => {
  const server = await testServer({}, { apps: [digestApp, other] })
  await submit(server, '64 16', 'other')
  const host = await server.enter()
  host.send({ type: 'ask', speed: 1, apps: ['other'] })
  expect(await host.next()).toMatchObject({ type: 'noWork', reason: 'no-app-in-common' })
  await host.leave()
})

test('more apps than a hello may name end the session', async () => {
  const server = await testServer()
  const host = await server.enter()
  host.send({ type: 'ask', speed: 1, apps: Array.from({ length: 33 }, (_, i) => `app-${i}`) })
  expect(await host.next()).toMatchObject({ type: 'close', code: 'malformed_frame' })
})
