import { spawnThread } from '../../runtime/wasm/spawnThread.node.ts'
import { testKernel } from '../../runtime/testing/testKernel.ts'
import { createContributor, type Engine } from '../engine.ts'
import { memoryStorage } from '../memoryStorage.ts'
import type { ContributorParts } from '../parts.ts'
import type { Snapshot } from '../snapshot.ts'
import { connectTo } from '../socket.ts'
import type { ContributorStorage } from '../storage.ts'
import { testApps } from './testApp.ts'

/** The real engine on real threads and a real line; only the app is a small one. It retries after 500 ms, unjittered. */
export async function testEngine(url: URL, parts: Partial<ContributorParts> = {}): Promise<Engine> {
  const storage = memoryStorage()
  return createContributor({
    connect: () => connectTo(url),
    fetchKernel: async () => testKernel,
    spawnWorker: spawnThread,
    apps: await testApps(),
    cores: 1,
    share: 1,
    preference: 'auto',
    openStorage: async () => storage,
    random: () => 0,
    now: () => performance.now(),
    wallClock: () => Date.now(),
    ...parts,
  })
}

/** Resolves when `holds` does; looks every few milliseconds. */
export async function until(holds: () => boolean, what: string, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export function whenShown(
  engine: Engine,
  holds: (snapshot: Snapshot) => boolean,
  what: string,
): Promise<void> {
  return until(() => holds(engine.snapshot), what)
}

/** Storage whose writer can die: from then on what that writer puts is lost, and a new one finds what was there. */
export function storageThatSurvives(): {
  readonly forFirst: ContributorStorage
  readonly forNext: ContributorStorage
  readonly crash: () => void
} {
  const disk = memoryStorage()
  let crashed = false
  const lost = new Promise<never>(() => undefined)
  return {
    forFirst: { ...disk, write: (changes) => (crashed ? lost : disk.write(changes)) },
    forNext: disk,
    crash() {
      crashed = true
    },
  }
}
