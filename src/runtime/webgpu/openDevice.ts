import { KernelFailedError } from '../../protocol/errors.ts'
import type { KernelHash } from '../../protocol/ids.ts'
import type { FetchKernel, Job } from '../executor.ts'
import { pause } from '../pause.ts'
import { Buffers } from './buffers.ts'
import { MAP_READ } from './flags.ts'
import { GpuTime } from './gpuTime.ts'
import { bringToGpu, type JobOnGpu } from './jobOnGpu.ts'
import { JobsOnGpu } from './jobsOnGpu.ts'
import { nudging } from './nudging.ts'
import { compilePipelines, kernelLayout, type Pipelines } from './pipelines.ts'
import { measureRoundTrip, type RoundTrip } from './roundTrip.ts'
import { SharedBuffers } from './sharedBuffers.ts'
import type { KernelSpeed } from './stride.ts'
import { unlessLate } from './unlessLate.ts'

/** Writes the two time stamps of a pass. */
export interface PassTimer {
  readonly querySet: GPUQuerySet
  readonly beginningOfPassWriteIndex: 0
  readonly endOfPassWriteIndex: 1
}

export interface OpenDeviceParts {
  readonly device: GPUDevice
  readonly fetchKernel: FetchKernel
  /** What is known of each kernel; it outlives the device. */
  readonly speeds: Map<KernelHash, KernelSpeed>
  /** A monotonic clock, ms. */
  readonly now: () => number
  /** Called once when the device is lost, or does not answer any more; not when it is closed. */
  readonly onLost: (why: string) => void
  /** Called for an error of the GPU that no call was waiting for. `gone`: whether it was but a sign that the device is going. */
  readonly onError: (message: string, gone: Promise<boolean>) => void
}

/** A loss makes other calls fail first, and is told a moment later. */
const LOSS_TOLD_MS = 250

/** A device and all that lives and dies with it. */
export class OpenDevice {
  readonly device: GPUDevice
  readonly shared: SharedBuffers
  readonly jobs: JobsOnGpu<JobOnGpu>
  readonly time: GpuTime
  readonly timer: PassTimer | undefined
  readonly now: () => number
  readonly #parts: OpenDeviceParts
  readonly #buffers: Buffers
  readonly #bindings: GPUBindGroupLayout
  readonly #kernels = new Map<KernelHash, Promise<Pipelines>>()
  readonly #waiting = new Set<() => void>()
  readonly #sleepy: boolean
  #gone = false
  #nonce = 1

  private constructor(parts: OpenDeviceParts, roundTrip: RoundTrip) {
    const { device, now } = parts
    this.#parts = parts
    this.device = device
    this.now = now
    this.time = new GpuTime(roundTrip.ms)
    this.#sleepy = roundTrip.sleepy
    this.timer = device.features.has('timestamp-query') ? passTimer(device) : undefined
    this.#buffers = new Buffers(device)
    this.#bindings = kernelLayout(device)
    this.shared = new SharedBuffers(this.#buffers)
    this.jobs = new JobsOnGpu((job) => this.whileHere(this.#bring(job)))
    device.addEventListener('uncapturederror', ({ error }) =>
      parts.onError(error.message, this.goneSoon()),
    )
    void this.#watch()
  }

  /** @throws Error when the device is lost over it, or answers nothing in time */
  static async open(parts: OpenDeviceParts): Promise<OpenDevice> {
    const measuring = measureRoundTrip(parts.device, parts.now)
    const roundTrip = await unlessLate(measuring, () => {
      throw new Error('an empty submission did not end in time')
    })
    return new OpenDevice(parts, roundTrip)
  }

  /** Whether it is lost or closed. */
  get gone(): boolean {
    return this.#gone
  }

  /** Another for every submission, and odd, so that no number of rounds makes the sentinel vanish. */
  nextNonce(): number {
    this.#nonce = (this.#nonce + 2) >>> 0
    return this.#nonce
  }

  /**
   * Settles as something does that the device was asked for.
   * @throws Error when the device goes first: not every implementation settles every promise of a lost device
   */
  whileHere<T>(work: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const gone = (): void => reject(new Error('The device is gone.'))
    if (this.#gone) gone()
    this.#waiting.add(gone)
    work.then(resolve, reject).finally(() => this.#waiting.delete(gone))
    return promise
  }

  /**
   * Resolves when the first bytes of a staging buffer can be read. A device that leaves one waiting for too long counts as lost.
   * @throws Error when the device goes first
   */
  readable(staging: GPUBuffer, bytes: number): Promise<void> {
    const mapping = this.whileHere(staging.mapAsync(MAP_READ, 0, bytes))
    const reading = this.#sleepy ? nudging(this.device.queue, mapping) : mapping
    return unlessLate(reading, () => {
      this.#lose('it did not answer in time')
      throw new Error('The device is gone.')
    })
  }

  /** Whether it is lost or closed, or is about to be: what fails on a device may be the first sign of it. */
  async goneSoon(): Promise<boolean> {
    const patience = new AbortController()
    await this.whileHere(pause(LOSS_TOLD_MS, patience.signal)).catch(() => patience.abort())
    return this.#gone
  }

  /** Destroys every buffer, and the device. */
  close(): void {
    if (this.#gone) return
    this.#gone = true
    this.#buffers.close()
    this.timer?.querySet.destroy()
    this.device.destroy()
    for (const gone of this.#waiting) gone()
    this.#waiting.clear()
  }

  async #watch(): Promise<void> {
    const { message, reason } = await this.device.lost
    this.#lose(message === '' ? reason : message)
  }

  #lose(why: string): void {
    if (this.#gone) return
    this.close()
    this.#parts.onLost(why)
  }

  async #bring(job: Job): Promise<JobOnGpu> {
    if (job.webgpu === undefined) throw new KernelFailedError(job.app, 'it has no WGSL kernel')
    const { kernel, plan } = job.webgpu
    const speed = this.#parts.speeds.get(kernel) ?? {}
    this.#parts.speeds.set(kernel, speed)
    return bringToGpu(job, plan, {
      device: this.device,
      bindings: this.#bindings,
      buffers: this.#buffers,
      shared: this.shared,
      pipelines: await this.#pipelines(job.app, kernel),
      speed,
    })
  }

  #pipelines(app: string, hash: KernelHash): Promise<Pipelines> {
    const known = this.#kernels.get(hash)
    if (known !== undefined) return known
    const compiling = this.#parts
      .fetchKernel('webgpu', hash)
      .then((bytes) => compilePipelines(this.device, this.#bindings, { app, hash, bytes }))
    this.#kernels.set(hash, compiling)
    // What failed may be tried again; whoever awaits the promise sees the failure.
    compiling.catch(() => this.#kernels.delete(hash))
    return compiling
  }
}

function passTimer(device: GPUDevice): PassTimer {
  const querySet = device.createQuerySet({ label: 'pass', type: 'timestamp', count: 2 })
  return { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 }
}
