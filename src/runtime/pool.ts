import type { Seed } from '../protocol/digest.ts'
import { WeftError, WorkerLostError } from '../protocol/errors.ts'
import type { KernelHash } from '../protocol/ids.ts'
import type { ItemRange } from '../protocol/intervalSet.ts'
import type { Slice } from '../protocol/slice.ts'
import type { FetchKernel, Job, RunResult } from './executor.ts'
import type { Effort } from './governor.ts'
import { LoadMeter, type Load } from './loadMeter.ts'
import { startWorker, type PoolWorker } from './poolWorker.ts'
import { rebuildError } from './rebuildError.ts'
import { SliceRun } from './sliceRun.ts'
import type { SpawnWorker } from './worker.ts'

export interface PoolParts {
  readonly spawnWorker: SpawnWorker
  readonly fetchKernel: FetchKernel
  /** The most workers there will ever be. */
  readonly cores: number
  /** A monotonic clock, ms. */
  readonly now?: () => number
  /** Called whenever `hungry` may have become true. */
  readonly onHungry?: () => void
}

/** Spreads slices over workers. Any number of slices may be in flight; their items are taken in the order they came. */
export interface Pool {
  /**
   * Runs every item of a slice.
   * @throws KernelFailedError, KernelMismatchError, WorkerLostError of the worker that ran some of it
   * @throws DOMException `AbortError` when the signal fires or the pool is halted
   */
  runSlice(job: Job, slice: Slice, seed: Seed, signal: AbortSignal): Promise<RunResult>
  /** Brings a kernel in before the first slice needs it. @throws whatever fetching it throws */
  prefetch(kernel: KernelHash): Promise<void>
  /** Takes effect from the next item on. */
  resize(effort: Effort): void
  /** Whether another slice is needed to keep every worker busy. */
  readonly hungry: boolean
  readonly load: Load
  /** Rejects every slice in flight; resolves when all workers are idle, within 250 ms. New slices start workers again. */
  halt(): Promise<void>
  /** Ends every worker at once. */
  close(): void
}

/** A worker between two items answers at once; one that does not is inside an item longer than anyone should wait for. */
const PATIENCE_MS = 120
/** A run goes for about this long, so that messages cost little and a slice still spreads over all workers. */
const RUN_MS = 100

interface Assignment {
  readonly slice: SliceRun
  readonly range: ItemRange
  readonly settled: Promise<void>
}

export function createPool(parts: PoolParts): Pool {
  const now = parts.now ?? (() => performance.now())
  const meter = new LoadMeter(parts.cores)
  const kernels = new Map<KernelHash, Promise<Uint8Array<ArrayBuffer>>>()
  /** Milliseconds per item, as last measured, by job. */
  const itemMs = new Map<string, number>()
  const idle: PoolWorker[] = []
  const busy = new Map<PoolWorker, Assignment>()
  let queue: SliceRun[] = []
  let effort: Effort = { workers: parts.cores, duty: 1 }

  function kernelBytes(hash: KernelHash): Promise<Uint8Array<ArrayBuffer>> {
    const known = kernels.get(hash)
    if (known !== undefined) return known
    const fetching = parts.fetchKernel('wasm', hash)
    kernels.set(hash, fetching)
    // Whoever awaits it sees the failure; the next slice tries again.
    fetching.catch(() => kernels.delete(hash))
    return fetching
  }

  /** A slice takes its place in the queue at once, and can be run when its kernel is there. */
  async function arm(slice: SliceRun): Promise<void> {
    try {
      slice.kernel = await kernelBytes(slice.job.wasm)
    } catch (error) {
      fail(slice, error)
    }
    pump()
  }

  function itemsPerRun(slice: SliceRun): number {
    const ms = itemMs.get(slice.job.key)
    if (ms === undefined) return 1
    const fitting = Math.floor((RUN_MS * effort.duty) / Math.max(ms, 0.01))
    return Math.max(1, Math.min(fitting, Math.ceil(slice.waiting / effort.workers)))
  }

  function isHungry(): boolean {
    let runs = 0
    for (const slice of queue) {
      if (slice.waiting > 0) runs += Math.ceil(slice.waiting / itemsPerRun(slice))
      if (runs >= effort.workers) return false
    }
    return true
  }

  function pump(): void {
    queue = queue.filter((slice) => slice.live && slice.waiting > 0)
    while (busy.size < effort.workers) {
      const slice = queue.find(({ kernel, waiting }) => kernel !== undefined && waiting > 0)
      const range = slice?.take(itemsPerRun(slice))
      if (slice?.kernel === undefined || range === undefined) break
      assign(slice, slice.kernel, range)
    }
    if (isHungry()) parts.onHungry?.()
  }

  function assign(slice: SliceRun, kernel: Uint8Array<ArrayBuffer>, range: ItemRange): void {
    let worker: PoolWorker
    try {
      worker = idle.pop() ?? startWorker(parts.spawnWorker)
    } catch (error) {
      slice.fail(error)
      return
    }
    busy.set(worker, { slice, range, settled: runOn(worker, slice, kernel, range) })
  }

  async function runOn(
    worker: PoolWorker,
    slice: SliceRun,
    kernel: Uint8Array<ArrayBuffer>,
    range: ItemRange,
  ): Promise<void> {
    const from = now()
    const items = range.end - range.start
    let usable = true
    try {
      const run = { job: slice.job, start: range.start, count: items, seed: slice.seed }
      const reply = await worker.run(run, kernel, effort.duty)
      switch (reply.status) {
        case 'done':
          itemMs.set(slice.job.key, reply.result.busyMs / items)
          meter.record({ from, to: now(), busyMs: reply.result.busyMs, items })
          slice.add(range, reply.result)
          break
        case 'aborted':
          if (slice.live) putBack(slice, range)
          break
        case 'failed':
          fail(slice, rebuildError(reply.error))
          break
      }
    } catch (error) {
      // Whatever else went wrong, this worker cannot be relied on any more.
      usable = false
      worker.terminate()
      fail(slice, error instanceof WeftError ? error : new WorkerLostError(String(error)))
    }
    busy.delete(worker)
    if (usable) idle.push(worker)
    trim()
    pump()
  }

  function putBack(slice: SliceRun, range: ItemRange): void {
    slice.putBack(range)
    if (!queue.includes(slice)) queue.unshift(slice)
  }

  /** Ends a slice; its other workers stop before their next item. */
  function fail(slice: SliceRun, error: unknown): void {
    slice.fail(error)
    for (const [worker, assignment] of busy) if (assignment.slice === slice) worker.abort()
  }

  /** Idle workers beyond what the effort needs are given up. */
  function trim(): void {
    while (idle.length > 0 && idle.length + busy.size > effort.workers) idle.pop()?.terminate()
  }

  function abortAll(): void {
    const reason = new DOMException('The pool was halted.', 'AbortError')
    const slices = new Set([...queue, ...[...busy.values()].map(({ slice }) => slice)])
    queue = []
    for (const slice of slices) fail(slice, reason)
  }

  return {
    async runSlice(job, slice, seed, signal) {
      signal.throwIfAborted()
      const run = new SliceRun(job, slice, seed)
      const abort = (): void => fail(run, signal.reason)
      signal.addEventListener('abort', abort)
      queue.push(run)
      void arm(run)
      try {
        return await run.result
      } finally {
        signal.removeEventListener('abort', abort)
      }
    },
    async prefetch(kernel) {
      await kernelBytes(kernel)
    },
    resize(next) {
      effort = { workers: Math.min(next.workers, parts.cores), duty: next.duty }
      for (const worker of busy.keys()) worker.setDuty(effort.duty)
      // Surplus workers leave their run; its items go to those that stay.
      for (const worker of [...busy.keys()].slice(effort.workers)) worker.abort()
      trim()
      pump()
    },
    get hungry() {
      return isHungry()
    },
    get load() {
      return meter.read(now())
    },
    async halt() {
      abortAll()
      const running = [...busy.values()].map(({ settled }) => settled)
      const patience = Promise.withResolvers<void>()
      const timer = setTimeout(patience.resolve, PATIENCE_MS)
      await Promise.race([Promise.all(running), patience.promise])
      clearTimeout(timer)
      // Those still at it are inside an item. Their run ends as a lost worker; the next slice starts another.
      for (const worker of busy.keys()) worker.terminate()
      await Promise.all([...busy.values()].map(({ settled }) => settled))
      meter.reset()
    },
    close() {
      abortAll()
      for (const worker of [...idle, ...busy.keys()]) worker.terminate()
      idle.length = 0
    },
  }
}
