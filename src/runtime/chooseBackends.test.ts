import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseBackends } from './chooseBackends.ts'

const speeds = fc.record({
  wasm: fc.double({ min: 0, max: 1e6, noNaN: true }),
  webgpu: fc.double({ min: 0, max: 1e6, noNaN: true }),
  both: fc.double({ min: 0, max: 2e6, noNaN: true }),
})

test.each([
  ['a fast GPU works alone', { wasm: 40, webgpu: 1_640, both: 1_660 }, 'webgpu'],
  ['a GPU as fast as the cores works with them', { wasm: 40, webgpu: 40, both: 75 }, 'both'],
  ['a software adapter stays out', { wasm: 40, webgpu: 2, both: 38 }, 'wasm'],
  ['together a tenth faster is enough', { wasm: 10, webgpu: 2, both: 11 }, 'both'],
  ['a little less is not', { wasm: 10, webgpu: 2, both: 10.9 }, 'wasm'],
  ['a GPU that finished nothing stays out', { wasm: 40, webgpu: 0, both: 60 }, 'wasm'],
  [
    'one too slow to be measured with the cores stays out',
    { wasm: 40, webgpu: 1, both: undefined },
    'wasm',
  ],
  ['what no sum explains is noise', { wasm: 40, webgpu: 1, both: 60 }, 'wasm'],
] as const)('%s', (_, measured, chosen) => {
  expect(chooseBackends(measured)).toBe(chosen)
})

test('what is chosen is never slower than the better one alone', () => {
  fc.assert(
    fc.property(speeds, (measured) => {
      const chosen = chooseBackends(measured)
      expect(measured[chosen]).toBeGreaterThanOrEqual(Math.max(measured.wasm, measured.webgpu))
    }),
  )
})
