import { chooseBackends } from '../runtime/chooseBackends.ts'
import { examineGpu, type GpuVerdict } from '../runtime/examineGpu.ts'
import { gpuRefusalOf } from '../runtime/gpuRefusal.ts'
import type { Pool } from '../runtime/pool.ts'
import { chosenOf, type Apps } from './apps.ts'
import { gpuCanaries, hasGpuKernel } from './canaryJob.ts'
import type { Carried } from './carried.ts'
import { backendsInUse, type Backend, type GpuState } from './gpuState.ts'

export interface BackendChoiceParts {
  readonly apps: Apps
  readonly pool: Pick<Pool, 'openGpu' | 'closeGpu' | 'hold' | 'runSlice'>
  readonly carried: Carried
  readonly cores: number
  /** How many workers there are now. */
  readonly workers: () => number
  /** A monotonic clock, ms. */
  readonly now: () => number
  /** `gpu` or `backends` have a new value, and the pool must hear of it. */
  readonly changed: () => void
}

/** Decides what computes: what the person prefers, as far as there is a GPU, it agrees with WASM, and it pays. */
export interface BackendChoice {
  readonly gpu: GpuState
  readonly backends: readonly Backend[]
  /** Work goes on: there is time to look at the GPU, unless the person does not want it. */
  begin(): void
  /** The person prefers something else now, or chose other apps. */
  prefer(): void
  /** The pool gave the GPU up. */
  gone(error: unknown): void
  /** Nothing is measured any more. */
  end(): void
}

export function createBackendChoice(parts: BackendChoiceParts): BackendChoice {
  const { apps, pool, carried } = parts
  let gpu: GpuState = { state: 'untried' }
  let begun = false
  let examining: AbortController | undefined

  function become(next: GpuState): void {
    gpu = next
    parts.changed()
  }

  function consider(): void {
    if (!begun || gpu.state !== 'untried' || carried.preference === 'wasm') return
    const timed = chosenOf(apps.known, carried.apps).find(hasGpuKernel)
    if (timed === undefined) return
    examining = new AbortController()
    become({ state: 'measuring' })
    examine(gpuCanaries(apps.known, timed), examining)
  }

  function examine(jobs: ReturnType<typeof gpuCanaries>, stop: AbortController): void {
    jobs
      .then((canaries) =>
        examineGpu(
          {
            ...parts,
            workers: parts.workers(),
            ...canaries,
            known: carried.speeds,
            decided: settle,
          },
          stop.signal,
        ),
      )
      .catch((error: unknown) => {
        if (!stop.signal.aborted) become({ state: 'unavailable', ...gpuRefusalOf(error) })
      })
      .finally(() => {
        if (examining !== stop) return
        examining = undefined
        pool.closeGpu()
      })
  }

  function settle(verdict: GpuVerdict): void {
    if (verdict.status === 'refused') {
      const { reason, why } = verdict
      return become({ state: 'unavailable', reason, why })
    }
    const { adapter, speeds } = verdict
    carried.speeds = speeds
    become({ state: 'measured', adapter, speeds, chosen: chooseBackends(speeds) })
  }

  function giveUp(): void {
    const stopped = examining
    examining = undefined
    stopped?.abort(new DOMException('The examination was stopped.', 'AbortError'))
    if (stopped !== undefined) pool.closeGpu()
  }

  return {
    get gpu() {
      return gpu
    },
    get backends() {
      return backendsInUse(carried.preference, gpu)
    },
    begin() {
      begun = true
      consider()
    },
    prefer() {
      if (carried.preference === 'wasm' && gpu.state === 'measuring') {
        giveUp()
        gpu = { state: 'untried' }
      }
      parts.changed()
      consider()
    },
    gone: (error) => become({ state: 'unavailable', ...gpuRefusalOf(error) }),
    end() {
      begun = false
      giveUp()
      if (gpu.state === 'measuring') gpu = { state: 'untried' }
    },
  }
}
