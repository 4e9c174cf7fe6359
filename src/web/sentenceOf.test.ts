import { expect, test } from 'vitest'
import { firstSnapshot } from '../client/firstSnapshot.ts'
import type { Connection, IdleReason, Phase, Snapshot, StopReason } from '../client/snapshot.ts'
import type { EngineState } from './controllers/contributorController.ts'
import { isOn, sentenceOf } from './sentenceOf.ts'
import { text } from './text.ts'

const NOW = 1_000_000

/** As keys, so that a reason added to the contract and forgotten here does not compile. */
const idleReasons: Record<IdleReason, true> = {
  disconnected: true,
  'no-batches': true,
  'all-leased': true,
  'no-app-in-common': true,
  'none-of-your-apps': true,
  'another-tab': true,
  'too-many-tasks': true,
}
const stopReasons: Record<StopReason['code'], StopReason> = {
  'protocol-version': { code: 'protocol-version' },
  'no-secure-context': { code: 'no-secure-context' },
  'no-wasm': { code: 'no-wasm' },
  failed: { code: 'failed', message: 'The kernel stopped.' },
}

const phases: Phase[] = [
  { state: 'stopped' },
  ...Object.values(stopReasons).map((why): Phase => ({ state: 'stopped', why })),
  ...(['connecting', 'fetching-kernel', 'measuring'] as const).map((step): Phase => ({
    state: 'starting',
    step,
  })),
  { state: 'running' },
  ...(Object.keys(idleReasons) as IdleReason[]).map((reason): Phase => ({
    state: 'idle',
    reason,
    since: NOW,
  })),
]

function loaded(phase: Phase, connection: Connection = { state: 'open' }): EngineState {
  const snapshot: Snapshot = { ...firstSnapshot(0.5, 2, 'auto'), trust: 'none', phase, connection }
  return { state: 'loaded', snapshot }
}

const states: EngineState[] = [
  { state: 'off' },
  { state: 'loading' },
  { state: 'unloadable', message: 'TypeError: offline' },
  ...phases.map((phase) => loaded(phase)),
]

test('every state has a sentence of its own', () => {
  const titles = states.map((state) => sentenceOf(state, NOW).title)
  expect(new Set(titles).size).toBe(states.length)
})

test('every sentence says what follows', () => {
  for (const state of states) expect(sentenceOf(state, NOW).detail).toMatch(/\.$/)
})

test('a waiting engine counts down to its next try', () => {
  const phase: Phase = { state: 'idle', reason: 'all-leased', since: NOW, retryAt: NOW + 4_200 }
  expect(sentenceOf(loaded(phase), NOW).detail).toContain('Asking again in 5 s.')
  expect(sentenceOf(loaded(phase), NOW + 9_000).detail).toContain('Asking again in 0 s.')
})

test('a dropped line says when it is tried again', () => {
  const state = loaded(
    { state: 'idle', reason: 'disconnected', since: NOW },
    { state: 'waiting', attempt: 2, retryAt: NOW + 2_000 },
  )
  expect(sentenceOf(state, NOW).detail).toContain('Asking again in 2 s.')
})

test('a failure is told with its own message', () => {
  const state = loaded({ state: 'stopped', why: stopReasons.failed })
  expect(sentenceOf(state, NOW).detail).toContain('The kernel stopped.')
})

test('there is something to stop exactly while the yes stands', () => {
  const on = states
    .filter(isOn)
    .map((state) => (state.state === 'loaded' ? state.snapshot.phase.state : state.state))
  expect(new Set(on)).toEqual(new Set(['loading', 'starting', 'running', 'idle']))
  expect(states.filter(isOn)).toHaveLength(1 + 3 + 1 + Object.keys(idleReasons).length)
})

test('every connection state has words of its own', () => {
  const said = Object.values(text.connections).map((words) => words(3))
  expect(new Set(said).size).toBe(4)
})
