import { expect, test } from 'vitest'
import { backendsInUse, type GpuState } from './gpuState.ts'

const measured = (chosen: 'wasm' | 'webgpu' | 'both'): GpuState => ({
  state: 'measured',
  adapter: {
    vendor: '',
    architecture: '',
    device: '',
    description: '',
    fallback: false,
    level: 'core',
    timestamps: false,
  },
  speeds: { wasm: 1, webgpu: 1, both: 2 },
  chosen,
})
const others: readonly GpuState[] = [
  { state: 'untried' },
  { state: 'measuring' },
  { state: 'unavailable', reason: 'no-adapter', why: '' },
]

test('without a measured GPU it is WASM, whatever the person prefers', () => {
  for (const gpu of others) {
    for (const preference of ['auto', 'wasm', 'webgpu'] as const) {
      expect(backendsInUse(preference, gpu)).toEqual(['wasm'])
    }
  }
})

test('automatic follows the measurement; a preference for one of them does not', () => {
  expect(backendsInUse('auto', measured('wasm'))).toEqual(['wasm'])
  expect(backendsInUse('auto', measured('webgpu'))).toEqual(['webgpu'])
  expect(backendsInUse('auto', measured('both'))).toEqual(['wasm', 'webgpu'])
  for (const chosen of ['wasm', 'webgpu', 'both'] as const) {
    expect(backendsInUse('wasm', measured(chosen))).toEqual(['wasm'])
    expect(backendsInUse('webgpu', measured(chosen))).toEqual(['webgpu'])
  }
})
