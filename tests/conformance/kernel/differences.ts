import type { AnyApp, ItemResult } from '../../../src/apps/app.ts'
import { addDigests, type Seed } from '../../../src/protocol/digest.ts'
import type { GpuPlan } from '../../../src/runtime/webgpu/plan.ts'
import type { Engine } from '../../engines/engine.ts'
import { openKernel } from '../app/openKernel.ts'
import type { HardRun } from '../../../src/apps/testing/specimen.ts'
import { jobOf, kernelOf } from './jobOf.ts'

export interface SeededRun extends HardRun {
  readonly seed: Seed
}

/** A run whose results are not all the same. */
export interface Difference extends SeededRun {
  readonly wgsl: ItemResult<unknown>
  readonly wasm: ItemResult<unknown>
  /** Undefined where the reference was not asked. */
  readonly reference: ItemResult<unknown> | undefined
}

export interface Question {
  readonly app: AnyApp
  readonly runs: readonly SeededRun[]
  /** Too many candidates for the reference. */
  readonly large?: boolean
  /** What is to differ from the app's plan. */
  readonly change?: Partial<GpuPlan>
}

/** Computes the runs in the engine, in the app's WASM kernel and in its reference; every run on which they disagree. */
export async function differences(engine: Engine, question: Question): Promise<Difference[]> {
  const { app, runs, large = false, change = {} } = question
  const wasm = await openKernel(app, kernelOf(app, 'wasm'))
  const reference = await app.load.reference()
  const jobs = runs.map((run) => ({ ...run, job: jobOf(app, run.input, change) }))
  const computed = await engine.run(jobs)
  return runs.flatMap((run, index) => {
    const { input, seed } = run
    const result = computed[index]
    if (result === undefined) throw new Error(`the engine left run ${index} out`)
    const outputs = result.outputs.map((record): unknown => app.decodeOutput(record, input))
    wasm.prepare(input)
    const all = {
      wgsl: { digest: result.digest, outputs },
      wasm: sumOf(run, (item) => wasm.runItem(item, seed)),
      reference: large ? undefined : sumOf(run, (item) => reference.runItem(input, item, seed)),
    }
    const agree = same(all.wgsl, all.wasm) && same(all.wasm, all.reference ?? all.wasm)
    return agree ? [] : [{ ...run, ...all }]
  })
}

function sumOf(
  { start, count }: HardRun,
  runItem: (item: number) => ItemResult<unknown>,
): ItemResult<unknown> {
  const items = Array.from({ length: count }, (_, i) => runItem(start + i))
  return {
    digest: items.reduce((sum, { digest }) => addDigests(sum, digest), 0n),
    outputs: items.flatMap(({ outputs }) => outputs),
  }
}

function same(one: ItemResult<unknown>, other: ItemResult<unknown>): boolean {
  return (
    one.digest === other.digest && JSON.stringify(one.outputs) === JSON.stringify(other.outputs)
  )
}
