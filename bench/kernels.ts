import { cpuFigures } from './cpuFigures.ts'
import type { Figures } from './figures.ts'
import { kernelBenchOf } from './kernelBenches.ts'
import { measureGpus } from './measureGpus.ts'

const ROUNDS = 15
const GPU_MS = 5_000

/** How much is measured; what is not given is as the figures are published. */
export interface KernelLoad {
  /** Of each item: log2 of how many candidates; without it as each app's real work has it. */
  readonly blockLog2?: number
  /** How often WASM and native take turns. */
  readonly rounds?: number
  /** How long each graphics adapter works on each input. */
  readonly gpuMs?: number
}

/**
 * Candidates a second, whole items: WASM on one core, beside a native program that does the same work; and every graphics adapter
 * that Dawn offers in Node, through the runtime's executor. `more` has other inputs than the main one. The first app's figures are
 * at the top, as they were before there was a second.
 *
 * @throws Error when two of them differ in a digest
 */
export async function benchKernels(load: KernelLoad = {}): Promise<Figures> {
  return {
    ...(await benchKernelsOf('mersenne-tf', load)),
    create2: await benchKernelsOf('create2-search', load),
  }
}

/**
 * The same for one app.
 * @throws Error as `benchKernels` does
 */
export async function benchKernelsOf(
  app: string,
  { blockLog2, rounds = ROUNDS, gpuMs = GPU_MS }: KernelLoad = {},
): Promise<{ wasm: Figures; webgpu: Figures[] }> {
  const bench = kernelBenchOf(app)
  const size = blockLog2 ?? bench.blockLog2
  return {
    wasm: await cpuFigures(bench, size, rounds),
    webgpu: await measureGpus({ app, blockLog2: size, forMs: gpuMs }),
  }
}
