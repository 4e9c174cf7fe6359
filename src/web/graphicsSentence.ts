import type { GpuState } from '../client/gpuState.ts'
import type { Snapshot } from '../client/snapshot.ts'
import { adapterName } from './adapterName.ts'
import { formatCount, formatRate } from './formatNumber.ts'
import { text } from './text.ts'

const words = text.graphics

/** What the page says of the graphics processor: what was measured, and what follows. @param cores of this device */
export function graphicsSentence(
  { gpu, backends, preference, phase }: Pick<Snapshot, 'gpu' | 'backends' | 'preference' | 'phase'>,
  cores: number,
): string {
  switch (gpu.state) {
    case 'untried':
      return preference === 'wasm' ? words.unwanted : words.untried
    case 'measuring':
      return words.measuring
    case 'unavailable':
      return words.unavailable[gpu.reason]
    case 'measured':
      return words.measured(adapterName(gpu.adapter), speedText(gpu, cores), useText())
  }

  function useText(): string {
    if (phase.state === 'stopped') return preference === 'wasm' ? words.unwanted : words.atRest
    if (backends.length > 1) return words.together
    if (backends.includes('webgpu')) return words.alone
    return preference === 'wasm' ? words.unwanted : words.unused
  }
}

/** Differences below this are not worth a word. */
const ALIKE = 1.05

function speedText({ speeds }: Extract<GpuState, { state: 'measured' }>, cores: number): string {
  const { wasm, webgpu } = speeds
  if (webgpu * ALIKE < wasm) return words.slower
  if (webgpu < wasm * ALIKE) return words.alike
  const times = webgpu / Math.max(wasm, Number.MIN_VALUE)
  return words.faster(times < 10 ? formatRate(times) : formatCount(times), cores)
}
