import { setImmediate } from 'node:timers/promises'
import { mersenneTf } from '../src/apps/mersenne-tf/app.ts'
import type { Input } from '../src/apps/mersenne-tf/input.ts'
import type { Run } from '../src/runtime/executor.ts'
import type { AdapterDescription } from '../src/runtime/webgpu/adapter.ts'
import { webGpuExecutor, type WebGpuExecutor } from '../src/runtime/webgpu/executor.ts'
import { GPU_LANES } from '../src/runtime/webgpu/lanes.ts'
import { openKernel } from '../tests/conformance/app/openKernel.ts'
import { jobOf, kernelOf } from '../tests/conformance/kernel/jobOf.ts'
import { PACE } from '../tests/engines/pace.ts'
import { publishedKernel } from '../tests/engines/publishedKernel.ts'
import { countSurvivors } from './countSurvivors.ts'

/** A run should take so long that its beginning and end do not show. */
const LEAST_RUN_MS = 100
/** So many items stand for all when tests are counted: their numbers differ by parts of a thousand. */
const COUNTED_ITEMS = 4

const never = new AbortController().signal

export type GpuMeasurement =
  | {
      readonly status: 'measured'
      readonly adapter: AdapterDescription
      /** For each input. */
      readonly testsPerSecond: readonly number[]
    }
  | { readonly status: 'unavailable'; readonly why: string }

/**
 * Whole items through the runtime's executor, as many runs at once as in production, for `forMs` each input.
 * @throws Error when an item's digest is not the one that WASM computes
 */
export async function measureGpu(
  gpu: GPU,
  inputs: readonly Input[],
  forMs: number,
): Promise<GpuMeasurement> {
  const executor = webGpuExecutor({
    gpu,
    fetchKernel: publishedKernel,
    yieldToEventLoop: () => setImmediate(),
  })
  try {
    const opening = await executor.open()
    if (opening.status === 'unavailable') return opening
    const testsPerSecond: number[] = []
    for (const input of inputs) testsPerSecond.push(await speedOn(executor, input, forMs))
    return { status: 'measured', adapter: opening.adapter, testsPerSecond }
  } finally {
    executor.close()
  }
}

async function speedOn(executor: WebGpuExecutor, input: Input, forMs: number): Promise<number> {
  const job = jobOf(mersenneTf, input)
  const timed = async (run: Omit<Run, 'job' | 'seed'>, seed = 1n) => {
    const startedAt = performance.now()
    const { digest } = await executor.run({ ...run, job, seed }, () => PACE, never)
    return { digest, ms: performance.now() - startedAt }
  }
  const { digest } = await timed({ start: 0, count: 1 })
  await expectWasmDigest(input, digest)

  const items = mersenneTf.itemCount(input)
  let count = 1
  while (count < items && (await timed({ start: 0, count })).ms < LEAST_RUN_MS) {
    count = Math.min(2 * count, items)
  }
  let done = 0
  const startedAt = performance.now()
  const work = async (lane: number) => {
    for (
      let seed = BigInt(lane);
      performance.now() - startedAt < forMs;
      seed += BigInt(GPU_LANES)
    ) {
      await timed({ start: 0, count }, seed)
      done += count
    }
  }
  await Promise.all(Array.from({ length: GPU_LANES }, (_, lane) => work(lane)))
  const seconds = (performance.now() - startedAt) / 1_000
  return Math.round((done * testsPerItem(input, count)) / seconds)
}

async function expectWasmDigest(input: Input, digest: bigint): Promise<void> {
  const wasm = await openKernel(mersenneTf, kernelOf(mersenneTf, 'wasm'))
  wasm.prepare(input)
  if (wasm.runItem(0, 1n).digest !== digest) {
    throw new Error(`WGSL and WASM differ in item 0 of ${JSON.stringify(input)}`)
  }
}

/** The average over items spread over the first `count`. */
function testsPerItem(input: Input, count: number): number {
  const counted = Math.min(count, COUNTED_ITEMS)
  const tests = Array.from({ length: counted }, (_, i) =>
    countSurvivors(input, Math.floor((i * count) / counted)),
  )
  return tests.reduce((sum, one) => sum + one, 0) / counted
}
