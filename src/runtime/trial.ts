import type { Backend, Job } from './executor.ts'
import { shareInside } from './loadMeter.ts'
import type { Pool } from './pool.ts'

export interface TrialParts {
  readonly pool: Pick<Pool, 'runSlice'>
  readonly job: Job
  /** How many items the job has. */
  readonly items: number
  /** How many lanes of each backend take part. */
  readonly lanes: Readonly<Record<Backend, number>>
  /** How long to measure, after as much again at most for warming up, ms. */
  readonly forMs: number
  /** A monotonic clock, ms. */
  readonly now: () => number
}

/** Slices grow until they are about this much work: enough that what every run costs besides does not count. */
const SLICE_MS = 15
/** In one step at most so often twice as long: what a first item took says little. */
const MOST_DOUBLINGS = 4
/** A trial in which some lane finishes nothing ends after so many times its time. */
const MOST_TIMES = 10

interface Done {
  readonly from: number
  readonly to: number
  readonly items: number
}

/** Keeps one slice after another on its way to a backend. */
interface Feeder {
  readonly backend: Backend
  readonly done: Done[]
}

/**
 * Measures by the clock how much the lanes get done while all of them work, in items per second of each backend. The pool must
 * be held. Lanes are fed until every one of them has been seen at work for long enough; their first slices pay for preparing
 * and warming up and do not count. A backend too slow to finish anything in ten times the time has the speed 0.
 * @throws whatever the pool throws for a slice
 * @throws the signal's reason when it fires
 */
export async function runTrial(
  parts: TrialParts,
  signal: AbortSignal,
): Promise<Readonly<Record<Backend, number>>> {
  const { pool, job, lanes, now } = parts
  const stop = new AbortController()
  const passOn = (): void => stop.abort(signal.reason)
  signal.addEventListener('abort', passOn)
  const wholeLog2 = Math.floor(Math.log2(parts.items))
  const feeders = [...feedersOf('wasm', lanes.wasm), ...feedersOf('webgpu', lanes.webgpu)]
  const begin = now()
  let seed = 0n

  async function feed({ backend, done }: Feeder): Promise<void> {
    for (let log2 = 0; !stop.signal.aborted;) {
      const from = now()
      const slice = { start: 0, log2 }
      const { busyMs } = await pool.runSlice(job, slice, seed++, stop.signal, backend)
      const to = now()
      done.push({ from, to, items: 2 ** log2 })
      log2 = Math.min(wholeLog2, log2 + doublings(busyMs))
      if (warmSince(feeders, begin, to, parts.forMs) !== undefined) stop.abort()
    }
  }

  const tooLong = setTimeout(() => stop.abort(), MOST_TIMES * parts.forMs)
  try {
    signal.throwIfAborted()
    await Promise.all(feeders.map(feed))
  } catch (error) {
    signal.throwIfAborted()
    if (!stop.signal.aborted) throw error
  } finally {
    stop.abort()
    clearTimeout(tooLong)
    signal.removeEventListener('abort', passOn)
  }
  return ratesOf(feeders, begin, now(), parts.forMs)
}

function doublings(busyMs: number): number {
  const wanted = Math.round(Math.log2(SLICE_MS / Math.max(busyMs, Number.MIN_VALUE)))
  return Math.min(MOST_DOUBLINGS, Math.max(0, wanted))
}

/** One more than there are lanes: a lane that ends a slice finds the next one waiting. */
function feedersOf(backend: Backend, lanes: number): Feeder[] {
  return Array.from({ length: lanes > 0 ? lanes + 1 : 0 }, () => ({ backend, done: [] }))
}

/** From when on all of them are warm; undefined while they are not, or were not seen for long enough since. */
function warmSince(
  feeders: readonly Feeder[],
  begin: number,
  now: number,
  forMs: number,
): number | undefined {
  const firsts = feeders.map(({ done }) => done[0]?.to ?? Infinity)
  const warm = Math.max(begin + forMs / 2, ...firsts)
  const seen = now >= warm + forMs && feeders.every(({ done }) => (done.at(-1)?.to ?? 0) > warm)
  return seen ? warm : undefined
}

function ratesOf(feeders: readonly Feeder[], begin: number, end: number, forMs: number) {
  const warm = warmSince(feeders, begin, end, forMs)
  const from = warm ?? begin
  const rates: Record<Backend, number> = { wasm: 0, webgpu: 0 }
  for (const { backend, done } of feeders) {
    // Up to its last slice: what it was in the middle of when the trial ended is not known.
    const to = warm === undefined ? end : (done.at(-1)?.to ?? end)
    const items = done.reduce((sum, one) => sum + one.items * shareInside(one, from), 0)
    if (to > from) rates[backend] += (items * 1_000) / (to - from)
  }
  return rates
}
