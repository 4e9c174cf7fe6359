import type { Figures } from './figures.ts'
import type { AnyKernelBench } from './kernelBench.ts'
import { capitalized } from './capitalized.ts'
import { measureCpu } from './measureCpu.ts'
import { compileNativeKernel } from './nativeKernel.ts'

/** WASM on one core beside native programs that do the same work: the main input's figures, and in `more` the others'. */
export async function cpuFigures(
  bench: AnyKernelBench,
  blockLog2: number,
  rounds: number,
): Promise<Figures> {
  const { file, flags, simdFlags } = bench.native
  const variants = simdFlags === undefined ? [flags] : [flags, simdFlags]
  const natives = variants.map((options) => compileNativeKernel(file, options))
  for (const native of natives) {
    console.log(
      native.status === 'compiled'
        ? `native: ${native.command}`
        : `native: not measured, there is no C compiler (${native.why})`,
    )
  }
  const many = capitalized(bench.unit.many)
  const speeds: Figures[] = []
  try {
    for (const input of bench.inputs(blockLog2)) {
      const { wasm, native } = await measureCpu(bench, input, rounds, natives)
      const [scalar = null, simd = null] = native
      speeds.push({
        [`${bench.unit.many}PerSecondPerCore`]: Math.round(wasm),
        [`native${many}PerSecond`]: rounded(scalar),
        // The speed of WASM as a share of the native program's.
        nativeRatio: ratio(wasm, scalar),
        ...(simdFlags !== undefined && {
          [`nativeSimd${many}PerSecond`]: rounded(simd),
          nativeSimdRatio: ratio(wasm, simd),
        }),
        input: bench.nameOf(input),
      })
    }
  } finally {
    for (const native of natives) if (native.status === 'compiled') native.remove()
  }
  const [main, ...more] = speeds
  return { ...main, more }
}

function rounded(speed: number | null): number | null {
  return speed === null ? null : Math.round(speed)
}

function ratio(wasm: number, native: number | null): number | null {
  return native === null ? null : Math.round((1_000 * wasm) / native) / 1_000
}
