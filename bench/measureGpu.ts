import { setImmediate } from 'node:timers/promises'
import type { AnyApp } from '../src/apps/app.ts'
import type { Run } from '../src/runtime/executor.ts'
import type { AdapterDescription } from '../src/runtime/webgpu/adapter.ts'
import { webGpuExecutor, type WebGpuExecutor } from '../src/runtime/webgpu/executor.ts'
import { GPU_LANES } from '../src/runtime/webgpu/lanes.ts'
import { openKernel } from '../tests/conformance/app/openKernel.ts'
import { jobOf, kernelOf } from '../tests/conformance/kernel/jobOf.ts'
import { PACE } from '../tests/engines/pace.ts'
import { publishedKernel } from '../tests/engines/publishedKernel.ts'
import type { AnyKernelBench } from './kernelBench.ts'

/** A run should take so long that its beginning and end do not show. */
const LEAST_RUN_MS = 100
/** So many items stand for all when tests are counted: where their numbers differ at all, it is by parts of a thousand. */
const COUNTED_ITEMS = 4

const never = new AbortController().signal

export type GpuMeasurement =
  | {
      readonly status: 'measured'
      readonly adapter: AdapterDescription
      /** Tests, or whatever the app's unit is, for each input. */
      readonly perSecond: readonly number[]
    }
  | { readonly status: 'unavailable'; readonly why: string }

/**
 * Whole items through the runtime's executor, as many runs at once as in production, for `forMs` each input.
 * @throws Error when an item's digest is not the one that WASM computes
 */
export async function measureGpu(
  gpu: GPU,
  bench: AnyKernelBench,
  blockLog2: number,
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
    const perSecond: number[] = []
    for (const input of bench.inputs(blockLog2)) {
      perSecond.push(await speedOn(executor, bench, input, forMs))
    }
    return { status: 'measured', adapter: opening.adapter, perSecond }
  } finally {
    executor.close()
  }
}

async function speedOn(
  executor: WebGpuExecutor,
  bench: AnyKernelBench,
  input: unknown,
  forMs: number,
): Promise<number> {
  const job = jobOf(bench.app, input)
  const timed = async (run: Omit<Run, 'job' | 'seed'>, seed = 1n) => {
    const startedAt = performance.now()
    const { digest } = await executor.run({ ...run, job, seed }, () => PACE, never)
    return { digest, ms: performance.now() - startedAt }
  }
  const { digest } = await timed({ start: 0, count: 1 })
  await expectWasmDigest(bench.app, input, digest)

  const items = bench.app.itemCount(input)
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
  return Math.round((done * unitsPerItem(bench, input, count)) / seconds)
}

async function expectWasmDigest(app: AnyApp, input: unknown, digest: bigint): Promise<void> {
  const wasm = await openKernel(app, kernelOf(app, 'wasm'))
  wasm.prepare(input)
  if (wasm.runItem(0, 1n).digest !== digest) {
    throw new Error(`WGSL and WASM differ in item 0 of ${JSON.stringify(input)}`)
  }
}

/** The average over items spread over the first `count`. */
function unitsPerItem(bench: AnyKernelBench, input: unknown, count: number): number {
  const counted = Math.min(count, COUNTED_ITEMS)
  const units = Array.from({ length: counted }, (_, i) =>
    bench.unitsOf(input, Math.floor((i * count) / counted)),
  )
  return units.reduce((sum, one) => sum + one, 0) / counted
}
