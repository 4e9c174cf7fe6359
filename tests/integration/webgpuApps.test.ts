import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { Run } from '../../src/runtime/executor.ts'
import { wasmExecutor } from '../../src/runtime/wasm/executor.ts'
import { seedOf } from '../conformance/app/seedOf.ts'
import { subjectsOnGpu, type Subject } from '../conformance/app/subjects.ts'
import { jobOf } from '../conformance/kernel/jobOf.ts'
import { publishedKernel } from '../engines/publishedKernel.ts'
import { closeExecutors, executorOn, full, never, paced, realGpu } from './testGpu.ts'

afterEach(closeExecutors)

/** What is large in the specimen: runs of many units, one kind after another. */
function largeRuns({ app, specimen }: Subject): Run[] {
  return specimen.hard
    .filter(({ large }) => large)
    .flatMap(({ runs }) => runs)
    .map(({ input, start, count }, index) => ({
      job: jobOf(app, input),
      start,
      count,
      seed: seedOf(index),
    }))
}

const seen = ({ digest, outputs }: { digest: bigint; outputs: readonly Uint8Array[] }) => ({
  digest,
  outputs,
})

test.each(subjectsOnGpu)(
  '$name gives on the GPU what it gives in WASM: run by run, in lanes, in parts of items, and beside runs that are stopped',
  { timeout: 180_000 },
  async (subject) => {
    const runs = largeRuns(subject)
    const wasm = wasmExecutor({
      fetchKernel: publishedKernel,
      yieldToEventLoop: () => setImmediate(),
    })
    const expected = []
    for (const run of runs) expected.push(seen(await wasm.run(run, full, never)))
    expect(
      expected.flatMap(({ outputs }) => outputs).length,
      'the large items of the specimen need more outputs',
    ).toBeGreaterThan(2)

    const gpu = executorOn(await realGpu(), { fetchKernel: publishedKernel })
    const atOnce = await Promise.all(
      runs.map(async (run, index) => {
        const stop = new AbortController()
        const stopped = gpu.run({ ...run, seed: run.seed ^ 2n }, full, stop.signal)
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
  },
)
