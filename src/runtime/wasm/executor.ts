import { addDigests, type Digest } from '../../protocol/digest.ts'
import type { KernelHash } from '../../protocol/ids.ts'
import { DutyCycle } from '../dutyCycle.ts'
import type { Executor, FetchKernel, Job, Pace } from '../executor.ts'
import { pause } from '../pause.ts'
import { compileKernel, instantiateKernel, type Kernel } from './kernel.ts'

export interface WasmExecutorParts {
  readonly fetchKernel: FetchKernel
  /** Resolves in a later task of the event loop, so that messages (stop, another duty) get in between items. */
  readonly yieldToEventLoop: () => Promise<void>
  /** A monotonic clock, ms. */
  readonly now?: () => number
}

/** A long rest is taken in naps of this length, so that a higher duty is noticed early. */
const NAP_MS = 100
/** Timers are too coarse for less: shorter rests are carried over. */
const SHORTEST_NAP_MS = 4

/** Runs items on one WASM instance in the thread it is called in. The rest that an item calls for is taken before the next one. */
export function wasmExecutor(parts: WasmExecutorParts): Executor {
  const now = parts.now ?? (() => performance.now())
  const modules = new Map<KernelHash, Promise<WebAssembly.Module>>()
  const cycle = new DutyCycle()
  let lastEnd = now()
  let prepared: { readonly job: Job; readonly kernel: Kernel } | undefined

  async function moduleFor(job: Job): Promise<WebAssembly.Module> {
    const known = modules.get(job.wasm)
    if (known !== undefined) return known
    const compiling = parts
      .fetchKernel('wasm', job.wasm)
      .then((bytes) => compileKernel(job.app, job.wasm, bytes))
    modules.set(job.wasm, compiling)
    // What failed may be tried again; whoever awaits the promise sees the failure.
    compiling.catch(() => modules.delete(job.wasm))
    return compiling
  }

  /** The prepared instance for this job; each job gets a fresh one, so no state leaks from one to the next. */
  async function kernelFor(job: Job): Promise<Kernel> {
    if (prepared?.job.key === job.key && prepared.job.wasm === job.wasm) return prepared.kernel
    prepared = undefined
    const kernel = await instantiateKernel(job.app, await moduleFor(job))
    measure(() => kernel.prepare(job.input))
    prepared = { job, kernel }
    return kernel
  }

  function measure<T>(work: () => T): { value: T; ms: number } {
    const begin = now()
    const value = work()
    lastEnd = now()
    cycle.worked(lastEnd - begin)
    return { value, ms: lastEnd - begin }
  }

  function takeRest(duty: number): number {
    const at = now()
    cycle.rested(at - lastEnd, duty)
    lastEnd = at
    return cycle.owedMs(duty)
  }

  async function rest(pace: () => Pace, signal: AbortSignal): Promise<void> {
    await parts.yieldToEventLoop()
    for (let owed = takeRest(pace().duty); owed >= SHORTEST_NAP_MS; owed = takeRest(pace().duty)) {
      await pause(Math.min(owed, NAP_MS), signal)
      signal.throwIfAborted()
    }
  }

  return {
    backend: 'wasm',
    async run(run, pace, signal) {
      signal.throwIfAborted()
      const kernel = await kernelFor(run.job)
      let digest: Digest = 0n
      let busyMs = 0
      const outputs: Uint8Array[] = []
      for (let item = run.start; item < run.start + run.count; item++) {
        await rest(pace, signal)
        signal.throwIfAborted()
        try {
          const { value, ms } = measure(() => kernel.run(item, run.seed))
          digest = addDigests(digest, value.digest)
          outputs.push(...value.outputs)
          busyMs += ms
        } catch (error) {
          // A trap may leave the instance's memory half-written.
          prepared = undefined
          throw error
        }
      }
      return { digest, outputs, busyMs }
    },
    close() {
      prepared = undefined
      modules.clear()
    },
  }
}
