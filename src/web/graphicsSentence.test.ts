import { expect, test } from 'vitest'
import type { AdapterDescription, Backend, GpuRefusalReason } from '../client/gpuState.ts'
import { graphicsSentence } from './graphicsSentence.ts'
import { text } from './text.ts'

const adapter: AdapterDescription = {
  vendor: 'nvidia',
  architecture: 'ampere',
  device: '',
  description: '',
  fallback: false,
  level: 'core',
  timestamps: true,
}
const swiftShader = { ...adapter, vendor: 'google', architecture: 'swiftshader', fallback: true }
const wasm: readonly Backend[] = ['wasm']

const measured = (of: AdapterDescription, wasmSpeed: number, webgpu: number) =>
  ({
    state: 'measured',
    adapter: of,
    speeds: { wasm: wasmSpeed, webgpu, both: wasmSpeed + webgpu },
    chosen: 'both',
  }) as const

const phase = { state: 'running' } as const

test('it says what was measured and what follows from it', () => {
  const say = (gpu: ReturnType<typeof measured>, backends: readonly Backend[], cores = 8) =>
    graphicsSentence({ gpu, backends, preference: 'auto', phase }, cores)
  expect(say(measured(adapter, 10, 412), ['webgpu'])).toBe(
    'NVIDIA ampere: 41 times as fast as 8 cores; it works alone',
  )
  expect(say(measured(adapter, 10, 25), ['wasm', 'webgpu'], 1)).toBe(
    'NVIDIA ampere: 2.5 times as fast as 1 core; both work',
  )
  expect(say(measured(swiftShader, 10, 1), wasm)).toBe(
    'SwiftShader (software): slower than the processor; not used',
  )
  expect(say(measured({ ...adapter, description: 'Iris Xe' }, 10, 10), ['wasm', 'webgpu'])).toBe(
    'Iris Xe: about as fast as the processor; both work',
  )
})

test('an adapter that tells nothing of itself is still named', () => {
  const nameless = { ...adapter, vendor: '', architecture: '' }
  const said = graphicsSentence(
    { gpu: measured(nameless, 1, 20), backends: ['webgpu'], preference: 'auto', phase },
    4,
  )
  expect(said).toBe('This device’s graphics: 20 times as fast as 4 cores; it works alone')
})

test('a graphics processor that the person does not want is left alone, measured or not', () => {
  const unwanted = (gpu: Parameters<typeof graphicsSentence>[0]['gpu']) =>
    graphicsSentence({ gpu, backends: wasm, preference: 'wasm', phase }, 8)
  expect(unwanted({ state: 'untried' })).toBe('left alone, as you chose')
  expect(unwanted(measured(adapter, 1, 40))).toContain('left alone, as you chose')
})

test('every reason for not using it has a sentence of its own', () => {
  const reasons = Object.keys(text.graphics.unavailable) as GpuRefusalReason[]
  const said = reasons.map((reason) => {
    const gpu = { state: 'unavailable', reason, why: 'details' } as const
    return graphicsSentence({ gpu, backends: wasm, preference: 'auto', phase }, 8)
  })
  expect(new Set(said).size).toBe(reasons.length)
  expect(said).toContain('not available: this browser offers no adapter')
  expect(said).toContain('was lost; the processor carries on')
})

test('when everything is stopped it does not say that it works', () => {
  const gpu = measured(adapter, 10, 412)
  const stopped = { state: 'stopped' } as const
  expect(graphicsSentence({ gpu, backends: wasm, preference: 'webgpu', phase: stopped }, 8)).toBe(
    'NVIDIA ampere: 41 times as fast as 8 cores; nothing runs now',
  )
})
