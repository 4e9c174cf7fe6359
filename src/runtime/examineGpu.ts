import type { CanaryJob } from './canary.ts'
import type { BackendSpeeds } from './chooseBackends.ts'
import type { RunResult } from './executor.ts'
import { gpuRefusalOf, type GpuRefusal } from './gpuRefusal.ts'
import { pause } from './pause.ts'
import type { Pool } from './pool.ts'
import { runTrial } from './trial.ts'
import type { AdapterDescription } from './webgpu/adapter.ts'
import { GPU_LANES } from './webgpu/lanes.ts'

export interface ExaminationParts {
  readonly pool: Pick<Pool, 'openGpu' | 'closeGpu' | 'hold' | 'runSlice'>
  /** One item of each must come out the same on both; the last one's time shows whether its speed is worth measuring. */
  readonly canaries: readonly CanaryJob[]
  /** What speed is measured on: a job of hundreds of items. */
  readonly course: CanaryJob
  /** How many workers there are now, and how many there could be. */
  readonly workers: number
  readonly cores: number
  /** What was measured before on this device; it is not measured again. */
  readonly known: BackendSpeeds | undefined
  /** A monotonic clock, ms. */
  readonly now: () => number
  /** Called at the end, before work goes on: time to decide who does it. */
  readonly decided: (verdict: GpuVerdict) => void
}

/** Speeds in credit per second at full share. */
export type GpuVerdict =
  | {
      readonly status: 'passed'
      readonly adapter: AdapterDescription
      readonly speeds: BackendSpeeds
      /** Whether they were measured while all worked that were meant to; one item of each on its own, if not. */
      readonly timed: boolean
    }
  | ({ readonly status: 'refused' } & GpuRefusal)

/** Opening an adapter, making pipelines and the first items may take so long: more would be a trial of patience. */
const MOST_READY_MS = 30_000
/** How long each of the three measurements goes, ms. */
const TRIAL_MS = 150
/**
 * A GPU this many times slower than all cores cannot add a tenth, even if the cores were in its way when it was timed. Then its
 * one item is all that is measured: work is not held up for it.
 */
const HOPELESS = 20
/** Any number would do, as long as it is the same for both. */
const SEED = 0x5745_4654n

/**
 * Finds out, while work goes on, whether the GPU can be used: it opens, computes the same as WASM, and then shows how fast it is.
 * Only for that last part the work is held up, and not at all for one that is far slower. The GPU stays open; whoever decides to use it or not calls `closeGpu` then.
 * @throws the signal's reason when it fires; nothing else
 */
export async function examineGpu(parts: ExaminationParts, signal: AbortSignal): Promise<void> {
  const over = new AbortController()
  const passOn = (): void => over.abort(signal.reason)
  signal.addEventListener('abort', passOn)
  try {
    signal.throwIfAborted()
    const tested = await inTime(test(parts, over.signal), over.signal)
    if (tested.status === 'refused') return parts.decided(tested)
    const compared = await compare(parts, tested.results, over.signal)
    if (compared.status === 'agree')
      return await measure(parts, tested.adapter, compared, over.signal)
    const { item, job } = compared.canary
    const why = `item ${item} of ${job.app} came out differently on the GPU`
    parts.decided({ status: 'refused', reason: 'disagrees', why })
  } catch (error) {
    signal.throwIfAborted()
    parts.decided({ status: 'refused', ...gpuRefusalOf(error) })
  } finally {
    signal.removeEventListener('abort', passOn)
    over.abort()
  }
}

type Tested =
  | {
      readonly status: 'tested'
      readonly adapter: AdapterDescription
      /** Of every canary, in order. */
      readonly results: readonly RunResult[]
    }
  | Extract<GpuVerdict, { status: 'refused' }>

/** Opens the GPU, and has it compute one item of every canary. */
async function test({ pool, canaries }: ExaminationParts, signal: AbortSignal): Promise<Tested> {
  const opening = await pool.openGpu()
  if (opening.status === 'unavailable') return { ...opening, status: 'refused' }
  const results: RunResult[] = []
  for (const { job, item } of canaries) {
    results.push(await pool.runSlice(job, { start: item, log2: 0 }, SEED, signal, 'webgpu'))
  }
  return { status: 'tested', adapter: opening.adapter, results }
}

/** What one worker and the GPU alone do in a second, as their items of the last canary have it, in credit. */
interface FirstSpeeds {
  readonly worker: number
  readonly webgpu: number
}

/** Has WASM compute the same items, and compares. */
async function compare(
  { pool, canaries }: ExaminationParts,
  results: readonly RunResult[],
  signal: AbortSignal,
): Promise<
  | ({ readonly status: 'agree' } & FirstSpeeds)
  | { readonly status: 'differ'; readonly canary: CanaryJob }
> {
  let first: FirstSpeeds = { worker: 0, webgpu: 0 }
  for (const [index, canary] of canaries.entries()) {
    const slice = { start: canary.item, log2: 0 }
    const wasm = await pool.runSlice(canary.job, slice, SEED, signal, 'wasm')
    const webgpu = results[index]
    if (wasm.digest !== webgpu?.digest || !isSame(wasm.outputs, webgpu.outputs)) {
      return { status: 'differ', canary }
    }
    const credit = Number(canary.itemCost) * 1_000
    first = {
      worker: credit / Math.max(wasm.busyMs, 0.01),
      webgpu: credit / Math.max(webgpu.busyMs, 0.01),
    }
  }
  return { status: 'agree', ...first }
}

function isSame(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  const text = (outputs: typeof a): string => outputs.map((one) => one.join()).join(' ')
  return text(a) === text(b)
}

async function inTime(testing: Promise<Tested>, signal: AbortSignal): Promise<Tested> {
  const done = new AbortController()
  const tooSlow = async (): Promise<Tested> => {
    await pause(MOST_READY_MS, done.signal)
    const why = `it was not ready within ${MOST_READY_MS / 1_000} seconds`
    return { status: 'refused', reason: 'too-slow-to-open', why }
  }
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { signal: done.signal })
  })
  // Whichever is late goes unheard.
  testing.catch(() => undefined)
  try {
    return await Promise.race([testing, tooSlow(), aborted])
  } finally {
    done.abort()
  }
}

async function measure(
  parts: ExaminationParts,
  adapter: AdapterDescription,
  first: FirstSpeeds,
  signal: AbortSignal,
): Promise<void> {
  const { pool, known, decided } = parts
  if (known !== undefined) return decided({ status: 'passed', adapter, speeds: known, timed: true })
  const wasm = first.worker * parts.cores
  if (HOPELESS * first.webgpu < wasm) {
    const speeds = { wasm, webgpu: first.webgpu, both: undefined }
    return decided({ status: 'passed', adapter, speeds, timed: false })
  }
  const release = await pool.hold(signal)
  try {
    const speeds = await speedsOf(parts, adapter, signal)
    decided({ status: 'passed', adapter, speeds, timed: true })
  } catch (error) {
    signal.throwIfAborted()
    decided({ status: 'refused', ...gpuRefusalOf(error) })
  } finally {
    release()
  }
}

/**
 * Each alone, then both together, with as many workers as are allowed now, as if all cores had one. A software adapter is never
 * tried together with the cores: it is made of them, and would take those that the person keeps for something else.
 */
async function speedsOf(
  parts: ExaminationParts,
  { fallback }: AdapterDescription,
  signal: AbortSignal,
): Promise<BackendSpeeds> {
  const { pool, course, workers, cores, now } = parts
  const trial = (lanes: { readonly wasm: number; readonly webgpu: number }) =>
    runTrial({ pool, ...course, lanes, forMs: TRIAL_MS, now }, signal)
  const credit = ({ wasm, webgpu }: { readonly wasm: number; readonly webgpu: number }): number =>
    ((wasm * cores) / workers + webgpu) * Number(course.itemCost)
  return {
    wasm: credit(await trial({ wasm: workers, webgpu: 0 })),
    webgpu: credit(await trial({ wasm: 0, webgpu: GPU_LANES })),
    both: fallback ? undefined : credit(await trial({ wasm: workers, webgpu: GPU_LANES })),
  }
}
