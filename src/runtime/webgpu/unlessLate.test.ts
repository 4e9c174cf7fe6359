import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { unlessLate } from './unlessLate.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const pending = new Promise<string>(() => undefined)

test('work that takes less than ten seconds settles as it does, and leaves no timer behind', async () => {
  const work = Promise.withResolvers<string>()
  const settled = unlessLate(work.promise, () => 'late')
  const failed = unlessLate(Promise.reject(new Error('broken')), () => 'late')
  await expect(failed).rejects.toThrow('broken')
  await vi.advanceTimersByTimeAsync(9_900)
  work.resolve('done')
  expect(await settled).toBe('done')
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.getTimerCount()).toBe(0)
})

test('work that takes longer settles as its substitute does, once', async () => {
  let asked = 0
  const settled = unlessLate(pending, () => `late ${++asked}`)
  const failed = unlessLate(pending, () => {
    throw new Error('too late')
  })
  const both = Promise.allSettled([settled, failed])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await both).toEqual([
    { status: 'fulfilled', value: 'late 1' },
    { status: 'rejected', reason: new Error('too late') },
  ])
  expect(asked).toBe(1)
})
