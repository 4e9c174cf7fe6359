import { afterEach, expect, test, vi } from 'vitest'
import { DEFAULT_BACKEND, rememberBackend, rememberedBackend } from './rememberedBackend.ts'

afterEach(() => vi.unstubAllGlobals())

test('what computes is remembered; what is no choice falls back to the default', () => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
  expect(rememberedBackend()).toBe(DEFAULT_BACKEND)
  rememberBackend('webgpu')
  expect(rememberedBackend()).toBe('webgpu')
  kept.set('weft.backend', 'quantum')
  expect(rememberedBackend()).toBe(DEFAULT_BACKEND)
})

test('denied storage changes nothing but the memory', () => {
  const deny = () => {
    throw new DOMException('denied', 'SecurityError')
  }
  vi.stubGlobal('localStorage', { getItem: deny, setItem: deny })
  rememberBackend('wasm')
  expect(rememberedBackend()).toBe(DEFAULT_BACKEND)
})
