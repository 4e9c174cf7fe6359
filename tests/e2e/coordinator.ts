import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from '@playwright/test'
import { parseConfig } from '../../src/server/config.ts'
import { startServer, type RunningServer } from '../../src/server/serve.ts'

/** A coordinator that a test can stop and start again on the same data, as an operator would. */
export interface Coordinator {
  readonly address: string
  submitToken(): string
  restart(): Promise<void>
  stop(): Promise<void>
}

interface Fixtures {
  /** With the seed batches, as `npm start` has it. */
  readonly coordinator: Coordinator
  /** With no work at all. */
  readonly emptyCoordinator: Coordinator
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the fixture's needs off the pattern
  coordinator: async ({}, use) => runCoordinator('on', use),
  // oxlint-disable-next-line no-empty-pattern -- as above
  emptyCoordinator: async ({}, use) => runCoordinator('off', use),
})

export { expect } from '@playwright/test'

async function runCoordinator(
  seed: 'on' | 'off',
  use: (coordinator: Coordinator) => Promise<void>,
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'weft-e2e-'))
  const start = (port: number): Promise<RunningServer> =>
    startServer(
      parseConfig(
        {},
        {
          port: String(port),
          'data-dir': dataDir,
          seed,
          'log-level': 'error',
          'report-every-ms': '500',
        },
      ),
    )
  let server = await start(0)
  const { address, port } = server
  await use({
    address,
    submitToken: () => server.submitToken,
    stop: () => server.stop(),
    restart: async () => {
      await server.stop()
      server = await start(port)
    },
  })
  await server.stop()
  await rm(dataDir, { recursive: true })
}
