import type { Credit } from '../protocol/credit.ts'
import type { Job } from './executor.ts'
import type { Pool } from './pool.ts'

export interface CanaryJob {
  readonly job: Job
  /** How many items the job has. */
  readonly items: number
  /** The item to run, again and again with other seeds. */
  readonly item: number
  /** Credit for each of its items. */
  readonly itemCost: Credit
}

/** The canary ends at the first round that brings each worker to this much work. */
const ENOUGH_MS = 60
const MOST_ROUNDS = 64

/**
 * Measures what one worker reaches at full duty while all of them work, in credit per second, on a fixed small job. The
 * first round is run but not counted: it pays for starting, compiling and warming up.
 * @throws whatever the pool throws for a slice
 */
export async function measureCanary(
  pool: Pick<Pool, 'runSlice'>,
  { job, item, itemCost }: Pick<CanaryJob, 'job' | 'item' | 'itemCost'>,
  workers: number,
  signal: AbortSignal,
): Promise<number> {
  const round = async (seed: bigint): Promise<number> => {
    const runs = Array.from({ length: workers }, () =>
      pool.runSlice(job, { start: item, log2: 0 }, seed, signal, 'wasm'),
    )
    return (await Promise.all(runs)).reduce((sum, { busyMs }) => sum + busyMs, 0) / workers
  }
  await round(0n)
  let rounds = 0
  let busyMs = 0
  while (busyMs < ENOUGH_MS && rounds < MOST_ROUNDS) {
    rounds++
    busyMs += await round(BigInt(rounds))
  }
  return (Number(itemCost) * rounds * 1_000) / Math.max(busyMs, 0.01)
}
