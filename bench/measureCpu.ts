import { mersenneTf } from '../src/apps/mersenne-tf/app.ts'
import type { Input } from '../src/apps/mersenne-tf/input.ts'
import { openKernel } from '../tests/conformance/app/openKernel.ts'
import { countSurvivors } from './countSurvivors.ts'
import type { NativeKernel } from './nativeKernel.ts'

export interface CpuFigures {
  readonly testsPerSecondPerCore: number
  /** Null where there is no C compiler. */
  readonly nativeTestsPerSecond: number | null
  /** The speed of WASM as a share of the native program's. */
  readonly nativeRatio: number | null
}

/**
 * Times the item in the middle of the range, in WASM and natively by turns, so that a busy moment meets both; medians.
 * @throws Error when they differ in what they compute
 */
export async function measureCpu(
  input: Input,
  rounds: number,
  native: NativeKernel,
): Promise<CpuFigures> {
  const ref = mersenneTf.kernels.find(({ backend }) => backend === 'wasm')
  if (ref === undefined) throw new Error('there is no WASM kernel')
  const wasm = await openKernel(mersenneTf, ref)
  wasm.prepare(input)
  const item = Math.floor(mersenneTf.itemCount(input) / 2)
  const tests = countSurvivors(input, item)
  const workunit = native.status === 'compiled' ? native.open(input) : undefined
  const wasmMs: number[] = []
  const nativeMs: number[] = []
  try {
    // The first round is for the compiler and the caches.
    for (let round = 0; round <= rounds; round++) {
      const startedAt = performance.now()
      const computed = wasm.runItem(item, BigInt(round))
      wasmMs[round] = performance.now() - startedAt
      const same = await workunit?.runItem(item, BigInt(round))
      if (same === undefined) continue
      if (
        same.digest !== computed.digest ||
        same.hits !== computed.outputs.length ||
        same.survivors !== tests
      ) {
        throw new Error(`WASM and native differ in item ${item} of ${JSON.stringify(input)}`)
      }
      nativeMs[round] = same.ms
    }
  } finally {
    workunit?.close()
  }
  const perSecond = (1_000 * tests) / median(wasmMs.slice(1))
  const natively = nativeMs.length === 0 ? null : (1_000 * tests) / median(nativeMs.slice(1))
  return {
    testsPerSecondPerCore: Math.round(perSecond),
    nativeTestsPerSecond: natively === null ? null : Math.round(natively),
    nativeRatio: natively === null ? null : Math.round((1_000 * perSecond) / natively) / 1_000,
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
