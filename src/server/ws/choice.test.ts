import { expect, test } from 'vitest'
import { Choice } from './choice.ts'

const host = { canRun: (app: string, version: number) => app !== 'foreign' && version === 1 }
const nothing = { type: 'noWork', reason: 'no-app-in-common', retryAfterMs: 1 } as const

test('without a choice a host gets what it can run', () => {
  const choice = new Choice(host, undefined)
  expect(choice.canRun('a', 1)).toBe(true)
  expect(choice.canRun('a', 2)).toBe(false)
  expect(choice.canRun('foreign', 1)).toBe(false)
  expect(choice.explain(nothing)).toEqual(nothing)
})

test('with a choice it gets no other app, and hears that there is work which it did not choose', () => {
  const choice = new Choice(host, ['a'])
  expect(choice.canRun('a', 1)).toBe(true)
  expect(choice.explain(nothing)).toEqual(nothing)
  expect(choice.canRun('b', 1)).toBe(false)
  expect(choice.explain(nothing)).toEqual({ ...nothing, reason: 'none-of-your-apps' })
})

test('what it cannot run anyway is nothing that it did not choose', () => {
  const choice = new Choice(host, ['a'])
  choice.canRun('foreign', 1)
  choice.canRun('b', 2)
  expect(choice.explain(nothing)).toEqual(nothing)
})

test('every other answer stays as it is', () => {
  const choice = new Choice(host, [])
  choice.canRun('a', 1)
  const leased = { ...nothing, reason: 'all-leased' } as const
  expect(choice.explain(leased)).toBe(leased)
})
