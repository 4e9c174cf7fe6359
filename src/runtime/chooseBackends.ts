/** What was measured, all in one unit: each alone, and both together. */
export interface BackendSpeeds {
  readonly wasm: number
  readonly webgpu: number
  /** Undefined where it was not measured: the GPU is far too slow, or is only the cores in disguise. */
  readonly both: number | undefined
}

export type ChosenBackends = 'wasm' | 'webgpu' | 'both'

/** Together they must be at least so many times as fast as the better one alone. */
const WORTH_IT = 1.1

/**
 * Decides what computes from now on. Both, if together they are at least 1.1 times as fast as the better one alone; else the
 * better one. A core that adds less than a tenth costs more energy than it gives, and a software adapter takes from the cores
 * the time in which they would be faster. What is measured above the sum of both alone is noise.
 */
export function chooseBackends({ wasm, webgpu, both }: BackendSpeeds): ChosenBackends {
  const together = Math.min(both ?? 0, wasm + webgpu)
  if (wasm > 0 && webgpu > 0 && together >= WORTH_IT * Math.max(wasm, webgpu)) return 'both'
  return webgpu > wasm ? 'webgpu' : 'wasm'
}
