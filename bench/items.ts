import { mersenneTf } from '../src/apps/mersenne-tf/app.ts'
import { BLOCK_LOG2 } from '../src/apps/mersenne-tf/blockLog2.ts'
import { openKernel } from '../tests/conformance/app/openKernel.ts'
import type { Figures } from './figures.ts'

const RUNS = 9

/** What is computed, by the name of its figure: practice, and the bit levels that the kernel treats differently. */
const INPUTS = {
  itemMsPractice: { exponent: 100_000_007, bitLo: 40, bitHi: 54, blockLog2: BLOCK_LOG2 },
  itemMs52: { exponent: 100_000_007, bitLo: 50, bitHi: 52, blockLog2: BLOCK_LOG2 },
  itemMs64: { exponent: 2_147_483_659, bitLo: 63, bitHi: 64, blockLog2: BLOCK_LOG2 },
  itemMs75: { exponent: 100_000_007, bitLo: 74, bitHi: 75, blockLog2: BLOCK_LOG2 },
}

/** Milliseconds for one item of the default size in the WASM kernel, its sieve included: the median of items in the middle of the range. */
export async function benchItems(): Promise<Figures> {
  const [ref] = mersenneTf.kernels
  if (ref === undefined) throw new Error('there is no kernel')
  const kernel = await openKernel(mersenneTf, ref)
  return Object.fromEntries(
    Object.entries(INPUTS).map(([name, input]) => {
      kernel.prepare(input)
      const middle = Math.floor(mersenneTf.itemCount(input) / 2)
      // The first is for the compiler.
      kernel.runItem(middle, 1n)
      const times = Array.from({ length: RUNS }, (_, run) => {
        const startedAt = performance.now()
        kernel.runItem(middle, BigInt(run))
        return performance.now() - startedAt
      })
      const median = times.toSorted((a, b) => a - b)[RUNS >> 1] ?? Number.NaN
      return [name, Math.round(10 * median) / 10]
    }),
  )
}
