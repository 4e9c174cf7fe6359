import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nudging } from './nudging.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('nothing is submitted again and again until the work is done, and not after', async () => {
  let submissions = 0
  const queue = {
    submit: (commands: Iterable<unknown>) => void (submissions += 1 + [...commands].length),
  }
  const work = Promise.withResolvers<string>()
  const waiting = nudging(queue, work.promise)
  await vi.advanceTimersByTimeAsync(21)
  expect(submissions).toBe(5)
  work.resolve('done')
  expect(await waiting).toBe('done')
  await vi.advanceTimersByTimeAsync(100)
  expect(submissions).toBe(5)
})
