import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ReactiveControllerHost } from 'lit'
import type { Contributor } from '../../client/contributor.ts'
import { ContributorController } from './contributorController.ts'

const host: ReactiveControllerHost = {
  addController() {},
  removeController() {},
  requestUpdate() {},
  updateComplete: Promise.resolve(true),
}

/** An engine that only remembers what it was told. */
function recordingContributor() {
  const told: string[] = []
  const contributor = {
    snapshot: { phase: { state: 'stopped' } } as Contributor['snapshot'],
    subscribe: () => () => {},
    start: () => told.push('start'),
    stop: async () => void told.push('stop'),
    setShare: (share: number) => told.push(`share ${share}`),
    setBackend: (preference: string) => told.push(`backend ${preference}`),
    setApps: (ids: readonly string[] | undefined) => told.push(`apps ${ids?.join() ?? 'all'}`),
  } satisfies Contributor
  return { told, contributor }
}

beforeEach(() => vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} }))
afterEach(() => {
  vi.unstubAllGlobals()
})

test('nothing is loaded before the press', async () => {
  const load = vi.fn<() => Promise<Contributor>>(async () => recordingContributor().contributor)
  const controller = new ContributorController(host, load)
  controller.setShare(0.3)
  await controller.stop()
  expect(load).not.toHaveBeenCalled()
  expect(controller.engine).toEqual({ state: 'off' })
})

test('the engine hears the limit and what may compute before it starts', async () => {
  const { told, contributor } = recordingContributor()
  const controller = new ContributorController(host, async () => contributor)
  controller.setShare(0.3)
  controller.setBackend('wasm')
  controller.setApps([])
  await controller.start()
  expect(told).toEqual(['share 0.3', 'backend wasm', 'apps ', 'start'])
})

test('a stop while the code is on its way is obeyed', async () => {
  const { told, contributor } = recordingContributor()
  const controller = new ContributorController(host, async () => contributor)
  const started = controller.start()
  await controller.stop()
  await started
  expect(told).not.toContain('start')
})

test('an engine that cannot be loaded is said so, and another press tries again', async () => {
  const { told, contributor } = recordingContributor()
  const load = vi.fn<() => Promise<Contributor>>(async () => contributor)
  load.mockRejectedValueOnce(new TypeError('offline'))
  const controller = new ContributorController(host, load)
  await controller.start()
  expect(controller.engine).toEqual({ state: 'unloadable', message: 'TypeError: offline' })
  await controller.start()
  expect(told).toContain('start')
})
