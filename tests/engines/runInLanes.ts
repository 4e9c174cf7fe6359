import type { Run, RunResult } from '../../src/runtime/executor.ts'
import { GPU_LANES } from '../../src/runtime/webgpu/lanes.ts'

/**
 * Runs all of them, as many at once as in production; the results are in the order of the runs.
 *
 * @param runIn runs one in a lane, of which each has one at a time
 * @throws the first error, when nothing is under way any more
 */
export async function runInLanes(
  runs: readonly Run[],
  runIn: (lane: number, run: Run) => Promise<RunResult>,
): Promise<RunResult[]> {
  const results: RunResult[] = []
  const errors: unknown[] = []
  const left = runs.entries()
  const work = async (lane: number) => {
    for (const [index, run] of left) {
      if (errors.length > 0) return
      try {
        results[index] = await runIn(lane, run)
      } catch (error) {
        errors.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: GPU_LANES }, (_, lane) => work(lane)))
  if (errors.length > 0) throw errors[0]
  return results
}
