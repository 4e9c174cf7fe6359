import { openKernel } from '../tests/conformance/app/openKernel.ts'
import { kernelOf } from '../tests/conformance/kernel/jobOf.ts'
import type { AnyKernelBench } from './kernelBench.ts'
import type { NativeKernel } from './nativeKernel.ts'

/** Tests, or whatever the app's unit is, a second on one core. */
export interface CpuSpeeds {
  readonly wasm: number
  /** Of each native program, in order; null where there is no C compiler. */
  readonly native: readonly (number | null)[]
}

/**
 * Times the item in the middle of the range, in WASM and natively by turns, so that a busy moment meets all; medians.
 *
 * @param rounds how often each has its turn
 * @throws Error when they differ in what they compute
 */
export async function measureCpu(
  bench: AnyKernelBench,
  input: unknown,
  rounds: number,
  natives: readonly NativeKernel[],
): Promise<CpuSpeeds> {
  const { app } = bench
  const wasm = await openKernel(app, kernelOf(app, 'wasm'))
  wasm.prepare(input)
  const item = Math.floor(app.itemCount(input) / 2)
  const units = bench.unitsOf(input, item)
  const wasmMs: number[] = []
  const programs = natives.map((native) => ({
    workunit: native.status === 'compiled' ? native.open(bench.native.args(input)) : undefined,
    ms: [] as number[],
  }))
  try {
    // The first round is for the compiler and the caches.
    for (let round = 0; round <= rounds; round++) {
      const startedAt = performance.now()
      const computed = wasm.runItem(item, BigInt(round))
      wasmMs[round] = performance.now() - startedAt
      for (const { workunit, ms } of programs) {
        const same = await workunit?.runItem(item, BigInt(round))
        if (same === undefined) continue
        if (
          same.digest !== computed.digest ||
          same.hits !== computed.outputs.length ||
          same.units !== units
        ) {
          throw new Error(`WASM and native differ in item ${item} of ${JSON.stringify(input)}`)
        }
        ms[round] = same.ms
      }
    }
  } finally {
    for (const { workunit } of programs) workunit?.close()
  }
  const speedOf = (ms: readonly number[]) => (1_000 * units) / median(ms.slice(1))
  return {
    wasm: speedOf(wasmMs),
    native: programs.map(({ ms }) => (ms.length === 0 ? null : speedOf(ms))),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
