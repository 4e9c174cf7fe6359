import { KernelFailedError } from '../../protocol/errors.ts'
import type { Pace, Run, RunResult } from '../executor.ts'
import type { Devices } from './devices.ts'
import type { Gate } from './gate.ts'
import type { JobOnGpu } from './jobOnGpu.ts'
import type { OpenDevice } from './openDevice.ts'
import { RECORD_ROOM } from './result.ts'
import { goalMs } from './stride.ts'
import { submit, type Landed } from './submission.ts'
import { UnitsOfRun } from './unitsOfRun.ts'
import { MOST_ROUNDS, type Round } from './work.ts'

/** What all runs of an executor share. */
export interface GpuRunParts {
  readonly devices: Devices
  readonly gate: Gate
  readonly yieldToEventLoop: () => Promise<void>
}

/** One run on its way: it keeps submitting what it has left, as the gate lets it, until all of it is read back. */
export class GpuRun {
  readonly #parts: GpuRunParts
  readonly #run: Run
  readonly #order: number
  readonly #pace: () => Pace
  readonly #signal: AbortSignal
  readonly #units: UnitsOfRun

  /** @param order its age: the gate lets the lowest submit first */
  constructor(parts: GpuRunParts, run: Run, order: number, pace: () => Pace, signal: AbortSignal) {
    const { app, webgpu } = run.job
    if (webgpu === undefined) throw new KernelFailedError(app, 'it has no WGSL kernel')
    this.#parts = parts
    this.#run = run
    this.#order = order
    this.#pace = pace
    this.#signal = signal
    this.#units = new UnitsOfRun(run, webgpu.plan.unitsPerItem)
  }

  /**
   * Computes all of it, on another device when one is lost: only what was not read back is done again.
   * @throws as `Executor.run` does
   */
  async result(): Promise<RunResult> {
    while (this.#units.waiting) {
      this.#signal.throwIfAborted()
      const device = await this.#parts.devices.current()
      try {
        await device.jobs.use(this.#run.job, (job) => this.#runOn(device, job))
      } catch (error) {
        if (!(await device.goneSoon())) throw error
      }
    }
    this.#signal.throwIfAborted()
    return this.#units.result()
  }

  /** Ends when all is read back, when the signal fires, or with the first submission that fails. */
  async #runOn(device: OpenDevice, job: JobOnGpu): Promise<void> {
    const inFlight = new Set<Promise<void>>()
    const failures: unknown[] = []
    while (failures.length === 0 && (this.#units.waiting || inFlight.size > 0)) {
      if (this.#units.waiting) {
        await this.#parts.yieldToEventLoop()
        if (!(await this.#parts.gate.enter(this.#order, this.#pace, this.#signal))) break
        const flight = this.#fly(device, job)
          .catch((error: unknown) => void failures.push(error))
          .finally(() => inFlight.delete(flight))
        inFlight.add(flight)
      } else await Promise.race(inFlight)
    }
    await Promise.all(inFlight)
    if (failures.length > 0) throw failures[0]
  }

  /** Submits the next stretch of units, and takes in what it leaves. The gate has let it pass. */
  async #fly(device: OpenDevice, job: JobOnGpu): Promise<void> {
    const { duty, dispatchMs } = this.#pace()
    const goal = goalMs(dispatchMs, this.#parts.devices.losses)
    let busyMs = 0
    let stretch: Round | undefined
    let added = false
    try {
      const most = Math.min(job.stride.units(goal), MOST_ROUNDS * job.plan.unitsPerRound)
      stretch = this.#signal.aborted ? undefined : this.#units.take(most)
      if (stretch === undefined) return
      const landed = await submit(device, job, stretch, this.#run.seed)
      busyMs = landed.ms
      this.#units.worked(busyMs)
      job.stride.measured(stretch.units, busyMs, goal)
      added = this.#add(job, stretch, landed)
    } finally {
      if (stretch !== undefined && !added) this.#units.putBack(stretch)
      this.#parts.gate.leave(busyMs, duty)
    }
  }

  /** @returns false when it must be computed again, in smaller stretches */
  #add(job: JobOnGpu, stretch: Round, { result }: Landed): boolean {
    const left = result()
    if (left.status === 'done') {
      this.#units.add(stretch.units, left.digest, left.outputs)
      return true
    }
    if (stretch.units === 1) {
      const why = `a unit has ${left.records} outputs, and there is room for ${RECORD_ROOM}`
      throw new KernelFailedError(job.app, why)
    }
    job.stride.crowded(stretch.units)
    return false
  }
}
