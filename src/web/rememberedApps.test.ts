import * as v from 'valibot'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { appIdSchema } from '../protocol/ids.ts'
import { rememberApps, rememberedApps } from './rememberedApps.ts'

const one = v.parse(appIdSchema, 'one')
const two = v.parse(appIdSchema, 'two')
const three = v.parse(appIdSchema, 'three')

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  })
})
afterEach(() => vi.unstubAllGlobals())

test('a choice is remembered, and all is no choice', () => {
  expect(rememberedApps([one, two])).toBeUndefined()
  rememberApps([two])
  expect(rememberedApps([one, two])).toEqual([two])
  rememberApps(undefined)
  expect(rememberedApps([one, two])).toBeUndefined()
})

test('an app that came after the choice was made is not chosen', () => {
  rememberApps([two])
  expect(rememberedApps([one, two, three])).toEqual([two])
})

test('a choice of apps that are gone falls back to all', () => {
  rememberApps([three])
  expect(rememberedApps([one, two])).toBeUndefined()
})

test('denied storage changes nothing but the memory', () => {
  const deny = () => {
    throw new DOMException('denied', 'SecurityError')
  }
  vi.stubGlobal('localStorage', { getItem: deny, setItem: deny, removeItem: deny })
  rememberApps([two])
  rememberApps(undefined)
  expect(rememberedApps([one, two])).toBeUndefined()
})
