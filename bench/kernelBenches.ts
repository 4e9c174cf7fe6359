import { create2SearchBench } from './create2SearchBench.ts'
import type { AnyKernelBench } from './kernelBench.ts'
import { mersenneTfBench } from './mersenneTfBench.ts'

const all: readonly AnyKernelBench[] = [mersenneTfBench, create2SearchBench]

/** @throws Error for an app whose kernels are not measured */
export function kernelBenchOf(app: string): AnyKernelBench {
  const found = all.find((bench) => bench.app.id === app)
  if (found === undefined) throw new Error(`the kernels of ${app} are not measured`)
  return found
}
