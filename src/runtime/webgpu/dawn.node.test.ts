import { expect, test, vi } from 'vitest'
import { loadDawn } from './dawn.node.ts'

test('where the package cannot be loaded there is no Dawn, and a reason in words', async () => {
  vi.doMock('webgpu', () => {
    throw new Error('libvulkan.so.1: no such file\nRequire stack:')
  })
  const dawn = await loadDawn()
  expect(dawn).toEqual({
    status: 'absent',
    why: expect.stringMatching(/^the package webgpu could not be loaded \([^\n]+\)$/),
  })
})
