import { afterEach, expect, test, vi } from 'vitest'
import { DEFAULT_SHARE, rememberedShare, rememberShare } from './rememberedShare.ts'

afterEach(() => vi.unstubAllGlobals())

function stubStorage(): void {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
}

test('a share is remembered', () => {
  stubStorage()
  expect(rememberedShare()).toBe(DEFAULT_SHARE)
  rememberShare(0.3)
  expect(rememberedShare()).toBe(0.3)
})

test('a share that is none falls back to the default', () => {
  stubStorage()
  for (const wrong of [0, 1.01, -1, Number.NaN]) {
    rememberShare(wrong)
    expect(rememberedShare()).toBe(DEFAULT_SHARE)
  }
})

test('denied storage changes nothing but the memory', () => {
  const deny = () => {
    throw new DOMException('denied', 'SecurityError')
  }
  vi.stubGlobal('localStorage', { getItem: deny, setItem: deny })
  rememberShare(0.3)
  expect(rememberedShare()).toBe(DEFAULT_SHARE)
})
