import { expect, test } from 'vitest'
import { Hold } from './hold.ts'

test('who held before ends nothing of who holds now', () => {
  const hold = new Hold()
  const first = hold.begin()
  const second = hold.begin()
  hold.end(first, 0)
  expect(hold.on).toBe(true)
  hold.end(second, 0)
  expect(hold.on).toBe(false)
  hold.end(second, 1_000)
  expect(hold.restMs('wasm', 0.5, 0)).toBe(0)
})

test('what was worked at full duty is rested for afterwards, backend by backend', () => {
  const hold = new Hold()
  hold.worked('wasm', 500)
  const holder = hold.begin()
  hold.worked('wasm', 100)
  hold.worked('webgpu', 300)
  hold.end(holder, 1_000)
  expect(hold.restMs('wasm', 0.5, 1_000)).toBe(100)
  expect(hold.restMs('webgpu', 0.25, 1_400)).toBe(500)
  expect(hold.restMs('webgpu', 1, 1_000)).toBe(0)
  hold.forget()
  expect(hold.restMs('webgpu', 0.25, 1_000)).toBe(0)
})
