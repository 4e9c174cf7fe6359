import { expect, test } from 'vitest'
import { phaseOf, type PhaseFacts } from './phaseOf.ts'
import type { Phase } from './snapshot.ts'

const facts: PhaseFacts = {
  connection: { state: 'open' },
  measuring: undefined,
  working: false,
  noWork: undefined,
  now: 1_000,
}
const waiting: PhaseFacts['connection'] = { state: 'waiting', retryAt: 3_000, attempt: 1 }
const running: Phase = { state: 'running' }
const starting: Phase = { state: 'starting', step: 'connecting' }

test('whoever computes is running, line or no line', () => {
  expect(phaseOf({ ...facts, working: true, connection: waiting }, starting)).toEqual(running)
})

test('with nothing to compute and no line it is disconnected, and says when it tries again', () => {
  expect(phaseOf({ ...facts, connection: waiting }, running)).toEqual({
    state: 'idle',
    reason: 'disconnected',
    since: 1_000,
    retryAt: 3_000,
  })
})

test('an idle state keeps its beginning as long as its reason stays', () => {
  const first = phaseOf({ ...facts, noWork: { reason: 'no-batches', retryAt: 2_000 } }, running)
  const later = phaseOf(
    { ...facts, now: 9_000, noWork: { reason: 'no-batches', retryAt: 9_500 } },
    first,
  )
  expect(later).toEqual({ state: 'idle', reason: 'no-batches', since: 1_000, retryAt: 9_500 })
  const other = phaseOf(
    { ...facts, now: 9_900, noWork: { reason: 'all-leased', retryAt: 9_950 } },
    later,
  )
  expect(other).toMatchObject({ reason: 'all-leased', since: 9_900 })
})

test('starting is told step by step', () => {
  const connecting: PhaseFacts['connection'] = { state: 'connecting', attempt: 0 }
  const begun = phaseOf(
    { ...facts, connection: connecting, measuring: 'fetching-kernel' },
    starting,
  )
  expect(begun).toEqual({ state: 'starting', step: 'connecting' })
  expect(phaseOf({ ...facts, measuring: 'measuring' }, begun)).toEqual({
    state: 'starting',
    step: 'measuring',
  })
})

test('between its last slice and the answer to its ask it does not flicker', () => {
  expect(phaseOf(facts, running)).toEqual(running)
})
