import { readFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { mersenneTf } from '../../src/apps/mersenne-tf/app.ts'
import type { Input } from '../../src/apps/mersenne-tf/input.ts'
import type { FetchKernel, Job, Run } from '../../src/runtime/executor.ts'
import { kernelFile } from '../../src/runtime/kernelFile.ts'
import { wasmExecutor } from '../../src/runtime/wasm/executor.ts'
import { closeExecutors, executorOn, full, never, paced, realGpu } from './testGpu.ts'

afterEach(closeExecutors)

const fetchKernel: FetchKernel = async (backend, hash) => {
  const file = new URL(`../../public/kernels/${kernelFile(backend, hash)}`, import.meta.url)
  return new Uint8Array(await readFile(file))
}

function jobOf(input: Input): Job {
  const hashOf = (backend: 'wasm' | 'webgpu') => {
    const kernel = mersenneTf.kernels.find((ref) => ref.backend === backend)
    if (kernel === undefined) throw new Error(`mersenne-tf has no kernel for ${backend}.`)
    return kernel.hash
  }
  const plan = mersenneTf.gpuPlan?.(input)
  if (plan === undefined) throw new Error('mersenne-tf has no plan.')
  return {
    key: JSON.stringify(input),
    app: mersenneTf.id,
    input: mersenneTf.encodeInput(input),
    wasm: hashOf('wasm'),
    webgpu: { kernel: hashOf('webgpu'), plan },
  }
}

/** Runs of many units, in one limb size after another; two of them find factors, in both classes of k and in several units. */
const runs: readonly Run[] = [
  [{ exponent: 113, bitLo: 0, bitHi: 40, blockLog2: 18 }, 0, 4],
  [{ exponent: 2147483659, bitLo: 63, bitHi: 64, blockLog2: 19 }, 5, 3],
  [{ exponent: 100000007, bitLo: 74, bitHi: 75, blockLog2: 18 }, 7, 4],
  [{ exponent: 29, bitLo: 0, bitHi: 36, blockLog2: 16 }, 0, 6],
  [{ exponent: 4294967291, bitLo: 78, bitHi: 80, blockLog2: 20 }, 3, 1],
].map(([input, start, count], index) => ({
  job: jobOf(input as Input),
  start: Number(start),
  count: Number(count),
  seed: 0x9e37_79b9_7f4a_7c15n * BigInt(index + 1),
}))

const seen = ({ digest, outputs }: { digest: bigint; outputs: readonly Uint8Array[] }) => ({
  digest,
  outputs,
})

test('mersenne-tf gives on the GPU what it gives in WASM: run by run, in lanes, in parts of items, and beside runs that are stopped', async () => {
  const wasm = wasmExecutor({ fetchKernel, yieldToEventLoop: () => setImmediate() })
  const expected = []
  for (const run of runs) expected.push(seen(await wasm.run(run, full, never)))
  expect(expected.flatMap(({ outputs }) => outputs).length).toBeGreaterThan(5)

  const gpu = executorOn(await realGpu(), { fetchKernel })
  const atOnce = await Promise.all(
    runs.map(async (run, index) => {
      const stop = new AbortController()
      const stopped = gpu.run({ ...run, seed: 1n }, full, stop.signal)
      const result = gpu.run(run, paced(1, [0.01, 8, 50][index % 3]), never)
      await setImmediate()
      stop.abort()
      await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
      return result
    }),
  )
  expect(atOnce.map(seen)).toEqual(expected)

  // Again, one after another, with strides that have been measured.
  for (const [index, run] of runs.entries()) {
    expect(seen(await gpu.run(run, full, never))).toEqual(expected[index])
  }
})
