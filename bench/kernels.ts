import { BLOCK_LOG2 } from '../src/apps/mersenne-tf/blockLog2.ts'
import type { Figures } from './figures.ts'
import { kernelInputs, nameOf } from './kernelInputs.ts'
import { measureCpu } from './measureCpu.ts'
import { measureGpus } from './measureGpus.ts'
import { compileNativeKernel } from './nativeKernel.ts'

const ROUNDS = 15
const GPU_MS = 5_000

/** How much is measured; what is not given is as the figures are published. */
export interface KernelLoad {
  /** Of each item: log2 of the values of k. */
  readonly blockLog2?: number
  /** How often WASM and native take turns. */
  readonly rounds?: number
  /** How long each graphics adapter works on each input. */
  readonly gpuMs?: number
}

/**
 * Tests a second, whole items with their sieve: WASM on one core, beside a native program that does the same work; and every
 * graphics adapter that Dawn offers in Node, through the runtime's executor. `more` has other inputs than the main one.
 *
 * @throws Error when two of them differ in a digest
 */
export async function benchKernels({
  blockLog2 = BLOCK_LOG2,
  rounds = ROUNDS,
  gpuMs = GPU_MS,
}: KernelLoad = {}): Promise<Figures> {
  const native = compileNativeKernel()
  console.log(
    native.status === 'compiled'
      ? `native: ${native.command}`
      : `native: not measured, there is no C compiler (${native.why})`,
  )
  const speeds = []
  try {
    for (const input of kernelInputs(blockLog2)) {
      speeds.push({ ...(await measureCpu(input, rounds, native)), input: nameOf(input) })
    }
  } finally {
    if (native.status === 'compiled') native.remove()
  }
  const [main, ...more] = speeds
  return {
    wasm: { ...main, more },
    webgpu: await measureGpus({ blockLog2, forMs: gpuMs }),
  }
}
