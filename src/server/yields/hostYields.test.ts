import * as v from 'valibot'
import { expect, test, vi } from 'vitest'
import { appIdSchema } from '../../protocol/ids.ts'
import type { Log } from '../log.ts'
import type { Yield } from '../stores/store.ts'
import { HostYields } from './hostYields.ts'

const yieldOf = (app: string, version: number, expected: number, found: number): Yield => ({
  app: v.parse(appIdSchema, app),
  version,
  expected,
  found,
})

function testLog() {
  const warn = vi.fn<Log['warn']>()
  const log: Log = {
    debug: vi.fn<Log['debug']>(),
    info: vi.fn<Log['info']>(),
    warn,
    error: vi.fn<Log['error']>(),
  }
  return { log, warn }
}

test('what was stored and what comes in add up, an app version at a time', () => {
  const { log, warn } = testLog()
  const yields = new HostYields('host', [yieldOf('one', 1, 15, 0), yieldOf('one', 2, 50, 50)], log)
  expect(yields.isSuspected('one', 1)).toBe(false)
  yields.add([yieldOf('one', 1, 15, 0), yieldOf('two', 1, 9, 0)])
  expect(yields.isSuspected('one', 1)).toBe(true)
  expect(yields.isSuspected('one', 2)).toBe(false)
  expect(yields.isSuspected('two', 1)).toBe(false)
  expect(warn.mock.calls[0]?.[0]).toEqual({ host: 'host', ...yieldOf('one', 1, 30, 0) })
})

test('the log says it once a session of each app', () => {
  const { log, warn } = testLog()
  const yields = new HostYields('host', [yieldOf('one', 1, 50, 0)], log)
  expect(warn).toHaveBeenCalledTimes(1)
  yields.add([yieldOf('one', 1, 1, 0), yieldOf('two', 1, 90, 0)])
  expect(yields.isSuspected('two', 1)).toBe(true)
  yields.add([yieldOf('two', 1, 1, 0)])
  expect(warn).toHaveBeenCalledTimes(2)
})

test('a host that makes up for it is suspected no more', () => {
  const { log } = testLog()
  const yields = new HostYields('host', [yieldOf('one', 1, 25, 0)], log)
  yields.add([yieldOf('one', 1, 5, 9)])
  expect(yields.isSuspected('one', 1)).toBe(false)
})

test('what was found beyond expectation is no credit: a host that reported only where it found something cannot hide the rest later', () => {
  const { log } = testLog()
  const yields = new HostYields('host', [yieldOf('one', 1, 10, 300)], log)
  expect(yields.isSuspected('one', 1)).toBe(false)
  // 10 of 70 are left: with the 300 that came first nobody would have looked.
  yields.add([yieldOf('one', 1, 60, 0)])
  expect(yields.isSuspected('one', 1)).toBe(true)
})
