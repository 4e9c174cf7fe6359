import { expect, test } from 'vitest'
import { missingParts } from './missingParts.ts'

test('a current browser on a secure address lacks nothing', () => {
  expect(missingParts({ isSecureContext: true, WebAssembly, Worker: Object })).toEqual([])
})

test('what is missing is named, the address first', () => {
  expect(missingParts({ isSecureContext: false, Worker: Object })).toEqual([
    'secure-context',
    'wasm',
  ])
  expect(missingParts({ isSecureContext: true, WebAssembly })).toEqual(['workers'])
})
