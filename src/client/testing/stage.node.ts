import { afterEach, vi } from 'vitest'
import type { Report } from '../../protocol/messages.ts'
import type { Engine } from '../engine.ts'
import {
  noWork,
  startTestCoordinator,
  type TestCoordinator,
  type testTask,
} from './testCoordinator.node.ts'
import { testEngine } from './testEngine.node.ts'

// Threads and sockets on a busy machine: how long they take is not what these tests are about.
vi.setConfig({ testTimeout: 30_000 })

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

/** A coordinator that ends with the test. */
export async function coordinator(): Promise<TestCoordinator> {
  const started = await startTestCoordinator()
  ends.push(() => started.close())
  return started
}

/** An engine that ends with the test. */
export async function engineAt(...args: Parameters<typeof testEngine>): Promise<Engine> {
  const engine = await testEngine(...args)
  ends.push(() => engine.leave())
  return engine
}

/** Gives these tasks, one for each ask, then no work. */
export const giving =
  (...tasks: ReturnType<typeof testTask>[]) =>
  () =>
    tasks.shift() ?? noWork()

/** The slices of these reports, in order. */
export const slicesReported = (reports: readonly Report[]) =>
  reports.flatMap(({ slices }) => slices.map(([grant, start, log2]) => ({ grant, start, log2 })))
