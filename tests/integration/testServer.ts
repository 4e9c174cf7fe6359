import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { parseConfig } from '../../src/server/config.ts'
import { startServer, type RunningServer, type ServerParts } from '../../src/server/serve.ts'
import type { AnyApp } from '../../src/apps/app.ts'
import { digestApp } from './digestApp.ts'
import { TestHost, type TestIdentity } from './testHost.ts'

export const SUBMIT_TOKEN = 'token-of-the-tests'

export async function testDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** A coordinator with the digest app, on a port of its own, gone when the test is over. */
export async function testServer(
  flags: Readonly<Record<string, string>> = {},
  parts: ServerParts = {},
): Promise<RunningServer & { enter(identity?: TestIdentity): Promise<TestHost> }> {
  const config = parseConfig(
    {},
    {
      port: '0',
      store: 'memory',
      seed: 'off',
      'log-level': 'silent',
      'submit-token': SUBMIT_TOKEN,
      'report-every-ms': '100',
      'frames-per-second': '1000',
      'connections-per-minute': '100000',
      ...flags,
    },
  )
  const apps: readonly AnyApp[] = [digestApp]
  const server = await startServer(config, { apps, siteDir: '/nowhere', ...parts })
  onTestFinished(() => server.stop())
  return { ...server, enter: (identity) => TestHost.enter(server.port, identity) }
}

/** Asks the API; the body is parsed JSON. */
export async function request(
  server: Pick<RunningServer, 'port'>,
  path: string,
  init: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  // oxlint-disable-next-line typescript/no-explicit-any -- the answer is what tests are about: they compare it, field by field
): Promise<{ status: number; headers: Headers; body: any }> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: init.method ?? 'GET',
    headers: {
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...init.headers,
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

/** Submits lines of the digest app, or of another; returns the batch's id. */
export async function submit(
  server: Pick<RunningServer, 'port'>,
  text: string,
  app = 'digest',
): Promise<string> {
  const { status, body } = await request(server, '/api/batches', {
    method: 'POST',
    body: { app, text },
    headers: { authorization: `Bearer ${SUBMIT_TOKEN}` },
  })
  if (status !== 201) throw new Error(`submitting failed: ${JSON.stringify(body)}`)
  return body.batch.id
}
