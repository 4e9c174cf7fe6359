import { GpuUnavailableError, KernelFailedError } from '../../protocol/errors.ts'
import type { Job } from '../executor.ts'
import type { Buffers } from './buffers.ts'
import { BufferUsage } from './flags.ts'
import type { Pipelines } from './pipelines.ts'
import type { GpuPlan } from './plan.ts'
import { resultBytes } from './result.ts'
import { sharedNeeds, type SharedBuffers } from './sharedBuffers.ts'
import { Stride, type KernelSpeed } from './stride.ts'
import { WORK_BYTES } from './work.ts'

/** One pass of a plan, with its pipeline, over `fixed + perUnit * units` workgroups. */
export interface Pass {
  readonly pipeline: GPUComputePipeline
  readonly fixed: number
  readonly perUnit: number
}

export interface JobOnGpuParts {
  readonly device: GPUDevice
  readonly bindings: GPUBindGroupLayout
  readonly buffers: Buffers
  readonly shared: SharedBuffers
  readonly pipelines: Pipelines
  readonly speed: KernelSpeed
}

/** What a job keeps on a device: its input, its state, its pipelines, and how large a stride may be. */
export class JobOnGpu {
  readonly app: string
  readonly plan: GpuPlan
  readonly prepare: readonly Pass[]
  readonly round: readonly Pass[]
  readonly stride: Stride
  /** Whether a submission with the `prepare` passes is on its way or done. */
  prepared = false
  readonly #parts: JobOnGpuParts
  readonly #input: GPUBuffer
  readonly #state: GPUBuffer
  #bound: { scratch: GPUBuffer; result: GPUBuffer; group: GPUBindGroup } | undefined

  constructor(
    job: Job,
    plan: GpuPlan,
    passes: Pick<JobOnGpu, 'prepare' | 'round'>,
    parts: JobOnGpuParts,
  ) {
    this.app = job.app
    this.plan = plan
    this.prepare = passes.prepare
    this.round = passes.round
    this.stride = new Stride(parts.speed, plan.unitsPerRound)
    this.#parts = parts
    const { buffers, device } = parts
    const words = new Uint8Array(Math.max(4, Math.ceil(job.input.length / 4) * 4))
    words.set(job.input)
    const { COPY_DST, STORAGE } = BufferUsage
    this.#input = buffers.create('input', words.length, STORAGE | COPY_DST)
    this.#state = buffers.create('state', plan.stateBytes, STORAGE)
    device.queue.writeBuffer(this.#input, 0, words)
  }

  /** The bindings for the next submission; as long as the shared buffers do not grow they stay the same. */
  bindGroup(): GPUBindGroup {
    const { bindings, device, shared } = this.#parts
    shared.fit(this.plan)
    const { result, scratch, work } = shared
    if (this.#bound?.scratch === scratch && this.#bound.result === result) return this.#bound.group
    const needs = sharedNeeds(this.plan)
    const group = device.createBindGroup({
      label: this.app,
      layout: bindings,
      entries: [
        { binding: 0, resource: { buffer: this.#input } },
        { binding: 1, resource: { buffer: work, size: WORK_BYTES } },
        { binding: 2, resource: { buffer: this.#state } },
        { binding: 3, resource: { buffer: scratch, size: Math.max(16, needs.scratch) } },
        { binding: 4, resource: { buffer: result, size: needs.result } },
      ],
    })
    this.#bound = { scratch, result, group }
    return group
  }

  destroy(): void {
    this.#parts.buffers.destroy(this.#input)
    this.#parts.buffers.destroy(this.#state)
  }
}

/**
 * Brings a job to a device.
 * @throws GpuUnavailableError `limits` when its plan needs larger buffers than the device has
 * @throws KernelFailedError when its kernel or its buffers cannot be made
 */
export async function bringToGpu(job: Job, plan: GpuPlan, parts: JobOnGpuParts): Promise<JobOnGpu> {
  const { device, pipelines } = parts
  checkSizes(plan, device.limits)
  const compile = async (pass: { entryPoint: string; fixed: number; perUnit: number }) => ({
    pipeline: await pipelines.get(pass.entryPoint),
    fixed: pass.fixed,
    perUnit: pass.perUnit,
  })
  const prepare = plan.prepare.map(({ entryPoint, workgroups }) =>
    compile({ entryPoint, fixed: workgroups, perUnit: 0 }),
  )
  const [prepared, rounds] = await Promise.all([
    Promise.all(prepare),
    Promise.all(plan.round.map(compile)),
  ])
  const passes = { prepare: prepared, round: rounds }
  device.pushErrorScope('out-of-memory')
  device.pushErrorScope('validation')
  const made = new JobOnGpu(job, plan, passes, parts)
  made.bindGroup()
  const [invalid, tooMuch] = await Promise.all([device.popErrorScope(), device.popErrorScope()])
  const error = invalid ?? tooMuch
  if (error === null) return made
  made.destroy()
  throw new KernelFailedError(job.app, `its buffers could not be made: ${error.message}`)
}

function checkSizes(plan: GpuPlan, limits: GPUSupportedLimits): void {
  const largest = Math.max(
    plan.stateBytes,
    sharedNeeds(plan).scratch,
    resultBytes(plan.recordBytes),
  )
  const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize)
  if (largest <= most) return
  const why = `a buffer may have ${most} bytes on this graphics adapter, the kernel needs ${largest}`
  throw new GpuUnavailableError('limits', why)
}
