import { expect, test } from 'vitest'
import type { Ack } from '../protocol/messages.ts'
import { testWorkunit } from './testing/testWorkunit.ts'
import { VisitLog } from './visitLog.ts'

const slice = { start: 0, log2: 0 }
const ack = (refused: Ack['refused'], state: Ack['state']) => ({ refused, state }) as Ack

test('a stitch and what was found in it share their fate', () => {
  const log = new VisitLog()
  const [good, bad] = [log.begin(testWorkunit, slice), log.begin(testWorkunit, slice)]
  log.computed(good, testWorkunit, ['a', 'b'], 1)
  log.computed(bad, testWorkunit, ['c'], 2)
  expect(log.stitches.map(({ state }) => state)).toEqual(['computed', 'computed'])
  log.acknowledged([bad, good], ack([[0, 'bad-output']], 'reported'))
  expect(log.stitches.map(({ state }) => state)).toEqual(['reported', 'refused'])
  expect(log.finds.map(({ output, state, why }) => [output, state, why])).toEqual([
    ['a', 'reported', undefined],
    ['b', 'reported', undefined],
    ['c', 'refused', 'bad-output'],
  ])
})

test('slices of an earlier visit, which have no stitch, change nothing', () => {
  const log = new VisitLog()
  log.begin(testWorkunit, slice)
  const before = log.stitches
  log.acknowledged([undefined, undefined], ack([], 'final'))
  expect(log.stitches).toBe(before)
})

test('a slice that was not finished leaves no stitch, and only the latest 512 stay', () => {
  const log = new VisitLog()
  const first = log.begin(testWorkunit, slice)
  log.dropped(first)
  expect(log.stitches).toEqual([])
  const ids = Array.from({ length: 600 }, () => log.begin(testWorkunit, slice))
  expect(log.stitches.map(({ id }) => id)).toEqual(ids.slice(-512))
})

test('what was handed out is never mutated', () => {
  const log = new VisitLog()
  const id = log.begin(testWorkunit, slice)
  const before = log.stitches
  log.computed(id, testWorkunit, [], 1)
  expect(before.map(({ state }) => state)).toEqual(['computing'])
})
