import type { Seed } from '../protocol/digest.ts'
import type { KernelHash } from '../protocol/ids.ts'
import type { ItemRange } from '../protocol/intervalSet.ts'
import type { Slice } from '../protocol/slice.ts'
import { Crew } from './crew.ts'
import type { Backend, FetchKernel, Job, Pace } from './executor.ts'
import type { Effort } from './governor.ts'
import { KernelShelf, type Kernel } from './kernelShelf.ts'
import { LoadMeter, type Load } from './loadMeter.ts'
import { pause } from './pause.ts'
import { startGpuWorker, startWorker, type GpuPoolWorker, type Lane } from './poolWorker.ts'
import { BACKENDS, Rota } from './rota.ts'
import { RunsUnderWay } from './runsUnderWay.ts'
import { SliceRun, type SliceResult } from './sliceRun.ts'
import type { GpuOpening } from './webgpu/adapter.ts'
import { unlessAborted } from './webgpu/unlessAborted.ts'
import type { SpawnGpuWorker, SpawnWorker } from './worker.ts'

export interface PoolParts {
  readonly spawnWorker: SpawnWorker
  /** Where there may be a GPU. */
  readonly spawnGpuWorker?: SpawnGpuWorker
  readonly fetchKernel: FetchKernel
  /** The most workers there will ever be, the GPU's one not counted. */
  readonly cores: number
  /** A monotonic clock, ms. */
  readonly now?: () => number
  /** Called whenever `hungry` may have become true. */
  readonly onHungry?: () => void
  /**
   * The GPU was given up, for as long as this pool lives: it was lost, its kernel failed or could not be fetched. What it had begun
   * is done by workers; an effort that has none of them keeps one until it is told another.
   */
  readonly onGpuGone?: (error: unknown) => void
}

/** Spreads slices over workers and the GPU. Any number of slices may be in flight; their items are taken in the order they came. */
export interface Pool {
  /**
   * Runs every item of a slice. What the GPU fails at is done by workers.
   * @param only the one backend that may do it, whether the effort uses it or not; it goes first, as somebody waits for it. The GPU
   * must be open or in use
   * @throws KernelFailedError, KernelMismatchError, WorkerLostError of the worker that ran some of it
   * @throws whatever made the GPU useless, if only the GPU may do it
   * @throws DOMException `AbortError` when the signal fires or the pool is halted
   */
  runSlice(
    job: Job,
    slice: Slice,
    seed: Seed,
    signal: AbortSignal,
    only?: Backend,
  ): Promise<SliceResult>
  /** Brings a WASM kernel in before the first slice needs it. @throws whatever fetching it throws */
  prefetch(kernel: KernelHash): Promise<void>
  /** Takes effect from the next item or dispatch on. */
  resize(effort: Effort): void
  /** How long one GPU submission may take, ms: little while somebody looks at the screen that it delays. */
  setDispatchMs(ms: number): void
  /**
   * Opens the GPU and keeps it, also while the effort does not use it, until `closeGpu`.
   * @throws WorkerLostError when its worker is lost or ended meanwhile; what made it useless, if it was given up before
   */
  openGpu(): Promise<GpuOpening>
  /** From now on the effort alone decides whether the GPU's worker is kept. */
  closeGpu(): void
  /**
   * Begins nothing but slices that are meant for one backend, those at full duty, until the function that this returns is called.
   * Resolves when all lanes are idle. What was worked meanwhile is rested for afterwards, as the effort asks.
   * @throws the signal's reason when it fires first
   */
  hold(signal: AbortSignal): Promise<() => void>
  /** Whether another slice is needed to keep every lane busy. */
  readonly hungry: boolean
  readonly load: Load
  /** Rejects every slice in flight; resolves when all workers are idle, within 250 ms. New slices start workers again. */
  halt(): Promise<void>
  /** Ends every worker at once. */
  close(): void
}

/** A worker between two items or dispatches answers at once; one that does not is inside one longer than anyone should wait for. */
const PATIENCE_MS = 120

export function createPool(parts: PoolParts): Pool {
  const now = parts.now ?? (() => performance.now())
  const meter = new LoadMeter(parts.cores)
  const shelf = new KernelShelf({
    fetchKernel: parts.fetchKernel,
    arrived: () => pump(),
    missing(backend, hash, error) {
      if (backend === 'webgpu') giveUpGpu(error)
      else for (const slice of queue) if (slice.job.wasm === hash) fail(slice, error)
      pump()
    },
  })
  const rota = new Rota({ workers: parts.cores, duty: 1, gpu: 0 }, now)
  const workers = new Crew(() => startWorker(parts.spawnWorker))
  const gpu = new Crew(() => startGpuWorker(parts.spawnGpuWorker))
  const crews: Readonly<Record<Backend, Crew>> = { wasm: workers, webgpu: gpu }
  const underWay = new RunsUnderWay()
  let queue: SliceRun[] = []
  let waking: ReturnType<typeof setTimeout> | undefined

  const paceOf = (backend: Backend): Pace => rota.paceOf(backend)

  function lanes(backend: Backend): number {
    return rota.lanesOf(backend, queue)
  }

  function pump(): void {
    queue = queue.filter((slice) => slice.live && slice.waiting > 0)
    for (const slice of queue) {
      if (slice.only === 'webgpu' && lanes('webgpu') === 0) slice.fail(whyNoGpu())
    }
    // Idle workers beyond what the effort needs are given up.
    workers.trim(lanes('wasm'))
    if (lanes('webgpu') === 0) gpu.endAll()
    for (const backend of BACKENDS) {
      for (const slice of queue) if (rota.mayRun(backend, slice)) shelf.want(backend, slice.job)
      fill(backend)
    }
    clearTimeout(waking)
    const { restMs } = rota
    if (queue.length > 0 && restMs > 0) waking = setTimeout(pump, restMs + 1)
    if (rota.isHungry(queue)) parts.onHungry?.()
  }

  function whyNoGpu(): unknown {
    return rota.gpuGone?.error ?? new DOMException('The GPU was closed.', 'AbortError')
  }

  function fill(backend: Backend): void {
    while (underWay.lanesOn(backend).length < lanes(backend)) {
      const slice = queue.find(
        (one) => one.waiting > 0 && rota.mayRun(backend, one) && shelf.want(backend, one.job),
      )
      const kernel = slice && shelf.want(backend, slice.job)
      const range = slice?.take(rota.itemsPerRun(backend, slice))
      if (slice === undefined || kernel === undefined || range === undefined) break
      assign(backend, slice, kernel, range)
    }
  }

  function assign(backend: Backend, slice: SliceRun, kernel: Kernel, range: ItemRange): void {
    try {
      const lane = crews[backend].take()
      const settled = runOn(backend, lane, slice, kernel, range)
      underWay.begin({ backend, lane, slice, settled })
    } catch (error) {
      setback(backend, slice, range, error)
    }
  }

  async function runOn(
    backend: Backend,
    lane: Lane,
    slice: SliceRun,
    kernel: Kernel,
    range: ItemRange,
  ): Promise<void> {
    const from = now()
    const items = range.end - range.start
    const run = { job: slice.job, start: range.start, count: items, seed: slice.seed }
    const outcome = await lane.run(run, kernel, paceOf(backend))
    underWay.end(lane)
    // A worker that was ended on purpose is no loss.
    const ended = !crews[backend].has(lane.worker)
    if (outcome.status === 'lost') crews[backend].end(lane.worker)
    else crews[backend].giveBack(lane)
    switch (outcome.status) {
      case 'done': {
        const { busyMs } = outcome.result
        rota.lengths.measured(backend, slice.job, items, busyMs)
        meter.record({ backend, from, to: now(), busyMs, items })
        rota.hold.worked(backend, busyMs / (backend === 'wasm' ? lanes('wasm') : 1))
        slice.add(backend, range, outcome.result)
        break
      }
      case 'aborted':
        putBack(slice, range)
        break
      case 'failed':
      case 'lost':
        if (ended && backend === 'webgpu') putBack(slice, range)
        else setback(backend, slice, range, outcome.error)
    }
    pump()
  }

  /** WASM is what every slice can be done with: where it fails, the slice has failed. */
  function setback(backend: Backend, slice: SliceRun, range: ItemRange, error: unknown): void {
    if (backend === 'wasm') return fail(slice, error)
    putBack(slice, range)
    giveUpGpu(error)
  }

  function giveUpGpu(error: unknown): void {
    if (rota.gpuGone !== undefined) return
    rota.gpuGone = { error }
    gpu.endAll()
    parts.onGpuGone?.(error)
  }

  function putBack(slice: SliceRun, range: ItemRange): void {
    if (!slice.live) return
    slice.putBack(range)
    if (!queue.includes(slice)) queue.unshift(slice)
  }

  /** Ends a slice; its other lanes stop before their next item or dispatch. */
  function fail(slice: SliceRun, error: unknown): void {
    slice.fail(error)
    underWay.abort(slice)
  }

  function abortAll(): void {
    const reason = new DOMException('The pool was halted.', 'AbortError')
    const slices = new Set([...queue, ...underWay.slices])
    queue = []
    rota.hold.forget()
    clearTimeout(waking)
    for (const slice of slices) fail(slice, reason)
  }

  return {
    async runSlice(job, slice, seed, signal, only) {
      signal.throwIfAborted()
      const run = new SliceRun(job, slice, seed, only)
      const abort = (): void => fail(run, signal.reason)
      signal.addEventListener('abort', abort)
      if (only === undefined) queue.push(run)
      else queue.unshift(run)
      // Later: whoever feeds an empty queue puts several slices into it, and hears between two that it wants more.
      queueMicrotask(pump)
      try {
        return await run.result
      } finally {
        signal.removeEventListener('abort', abort)
      }
    },
    async prefetch(kernel) {
      await shelf.bring('wasm', kernel)
    },
    resize(next) {
      rota.effort = { ...next, workers: Math.min(next.workers, parts.cores) }
      underWay.setPaces(paceOf)
      // Surplus workers leave their run; its items go to those that stay.
      for (const lane of underWay.lanesOn('wasm').slice(lanes('wasm'))) lane.abort()
      pump()
    },
    setDispatchMs(ms) {
      rota.dispatchMs = ms
      underWay.setPaces(paceOf)
    },
    async openGpu() {
      if (rota.gpuGone !== undefined) throw rota.gpuGone.error
      rota.gpuKept = true
      let worker: GpuPoolWorker | undefined
      try {
        worker = gpu.anyone()
        return await worker.open()
      } catch (error) {
        // One that was ended on purpose says nothing about the GPU.
        if (worker === undefined || gpu.has(worker)) giveUpGpu(error)
        throw error
      }
    },
    closeGpu() {
      rota.gpuKept = false
      pump()
    },
    async hold(signal) {
      signal.throwIfAborted()
      const holder = rota.hold.begin()
      underWay.setPaces(paceOf)
      const release = (): void => {
        rota.hold.end(holder, now())
        pump()
      }
      try {
        await unlessAborted(underWay.settled(), signal)
        return release
      } catch (error) {
        release()
        throw error
      }
    },
    get hungry() {
      return rota.isHungry(queue)
    },
    get load() {
      return meter.read(now(), underWay.backends)
    },
    async halt() {
      abortAll()
      const settled = new AbortController()
      await Promise.race([underWay.settled(), pause(PATIENCE_MS, settled.signal)])
      settled.abort()
      // Those still at it are inside an item. Their run ends as a lost worker; the next slice starts another.
      for (const [lane, backend] of underWay.lanes) crews[backend].end(lane.worker)
      await underWay.settled()
      meter.reset()
    },
    close() {
      rota.gpuKept = false
      abortAll()
      for (const crew of Object.values(crews)) crew.endAll()
    },
  }
}
