import type { Backend, Pace } from './executor.ts'
import { DISPATCH_MS, type Effort } from './governor.ts'
import { Hold } from './hold.ts'
import { kernelOf } from './kernelShelf.ts'
import { RunLengths } from './runLengths.ts'
import type { SliceRun } from './sliceRun.ts'
import { GPU_LANES } from './webgpu/lanes.ts'

/** The GPU first: it takes the most, so that what is left goes to workers. */
export const BACKENDS: readonly Backend[] = ['webgpu', 'wasm']

/** Who may do what, how much of it at once, and how hard: what follows from the effort, and from how it stands with the GPU. */
export class Rota {
  effort: Effort
  dispatchMs: number = DISPATCH_MS.unseen
  /** Whether the GPU is open though the effort may not use it. */
  gpuKept = false
  /** Why the GPU is useless. */
  gpuGone: { readonly error: unknown } | undefined
  readonly hold = new Hold()
  readonly lengths = new RunLengths()
  readonly #now: () => number

  /** @param now a monotonic clock, ms */
  constructor(effort: Effort, now: () => number) {
    this.effort = effort
    this.#now = now
  }

  get usesGpu(): boolean {
    return this.effort.gpu > 0 && this.gpuGone === undefined
  }

  paceOf(backend: Backend): Pace {
    const { duty, gpu } = this.effort
    // What runs on a GPU that the effort does not use is a test of it.
    const asked = backend === 'wasm' ? duty : gpu || 1
    return { duty: this.hold.on ? 1 : asked, dispatchMs: this.dispatchMs }
  }

  /** How many runs may be under way. */
  lanesOf(backend: Backend, queue: readonly SliceRun[]): number {
    if (backend === 'webgpu') {
      const open = this.gpuKept && this.gpuGone === undefined
      return this.usesGpu || open ? GPU_LANES : 0
    }
    const needed = !this.usesGpu || queue.some(({ only, job }) => only === 'wasm' || !job.webgpu)
    return Math.max(this.effort.workers, needed ? 1 : 0)
  }

  mayRun(backend: Backend, { job, only }: SliceRun): boolean {
    if (kernelOf(job, backend) === undefined) return false
    if (only !== undefined) return only === backend
    if (this.hold.on || this.#restMs(backend) > 0) return false
    if (backend === 'webgpu') return this.usesGpu
    return this.effort.workers > 0 || !this.usesGpu || !job.webgpu
  }

  /** How long it is until the next backend has rested after a hold, ms; 0 when all have. */
  get restMs(): number {
    const rests = BACKENDS.map((backend) => this.#restMs(backend)).filter((ms) => ms > 0)
    return rests.length > 0 ? Math.min(...rests) : 0
  }

  itemsPerRun(backend: Backend, { job, waiting }: SliceRun): number {
    const fitting = this.lengths.fitting(backend, job, this.paceOf(backend).duty)
    // The GPU's lanes share one GPU: a slice is not done any sooner for being spread over them.
    const workers = Math.max(1, this.effort.workers)
    const most = backend === 'wasm' ? Math.ceil(waiting / workers) : waiting
    return Math.max(1, Math.min(fitting, most))
  }

  /** Whether there is too little in the queue for every lane to find another run. */
  isHungry(queue: readonly SliceRun[]): boolean {
    if (this.hold.on) return false
    const open = queue.filter(({ only }) => only === undefined)
    const waiting = new Map(open.map((slice) => [slice, slice.waiting]))
    const feed = (backend: Backend): boolean => {
      const left = [...waiting].filter(([, items]) => items > 0)
      // Work that a lane cannot do counts as well, or the lane would never have enough.
      const [slice, items] = left.find(([one]) => this.mayRun(backend, one)) ?? left[0] ?? []
      if (slice === undefined || items === undefined) return false
      waiting.set(slice, items - this.itemsPerRun(backend, slice))
      return true
    }
    for (const backend of BACKENDS) {
      const lanes = backend === 'webgpu' && !this.usesGpu ? 0 : this.lanesOf(backend, open)
      for (let lane = 0; lane < lanes; lane++) if (!feed(backend)) return true
    }
    return false
  }

  #restMs(backend: Backend): number {
    return this.hold.restMs(backend, this.paceOf(backend).duty, this.#now())
  }
}
