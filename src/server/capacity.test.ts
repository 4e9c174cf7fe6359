import { expect, test } from 'vitest'
import { Capacity } from './capacity.ts'

function watched(samples: readonly (readonly [seconds: number, credit: bigint])[]): Capacity {
  const capacity = new Capacity()
  for (const [seconds, credit] of samples) capacity.add({ at: seconds * 1_000, credit })
  return capacity
}

test('nothing is said before there are two samples', () => {
  expect(watched([]).creditPerSecond(0)).toBeNull()
  expect(watched([[0, 100n]]).creditPerSecond(0)).toBeNull()
})

test('the rate is the growth from when something came in first until it did last', () => {
  const capacity = watched([
    [0, 1_000n],
    [5, 1_000n],
    [10, 3_000n],
    [15, 3_000n],
    [20, 4_000n],
    [25, 4_000n],
  ])
  expect(capacity.creditPerSecond(25_000)).toBe(200)
})

test('where nothing comes in the rate is zero, also when credit is taken off', () => {
  const idle = watched([
    [0, 7n],
    [5, 7n],
  ])
  expect(idle.creditPerSecond(5_000)).toBe(0)
  const reopened = watched([
    [0, 7n],
    [5, 3n],
  ])
  expect(reopened.creditPerSecond(5_000)).toBe(0)
})

test('what was more than a minute ago counts no more', () => {
  const samples = Array.from({ length: 25 }, (_, i) => [i * 5, i <= 12 ? 0n : 600n] as const)
  expect(watched(samples).creditPerSecond(120_000)).toBe(120)
  expect(watched(samples).creditPerSecond(125_000)).toBe(0)
})

test('a watch that stopped is no measurement', () => {
  const capacity = watched([
    [0, 0n],
    [5, 100n],
  ])
  expect(capacity.creditPerSecond(60_000)).toBe(20)
  expect(capacity.creditPerSecond(66_000)).toBeNull()
})

test('credit past 2^53 loses nothing of its growth', () => {
  const capacity = watched([
    [0, 2n ** 60n],
    [1, 2n ** 60n + 3n],
  ])
  expect(capacity.creditPerSecond(1_000)).toBe(3)
})
