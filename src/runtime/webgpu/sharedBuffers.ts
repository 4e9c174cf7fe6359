import type { Buffers } from './buffers.ts'
import { BufferUsage } from './flags.ts'
import type { GpuPlan } from './plan.ts'
import { resultBytes } from './result.ts'
import { MOST_ROUNDS, WORK_STRIDE } from './work.ts'

/** Two time stamps of 8 bytes, behind the result in every staging buffer. */
export const STAMP_BYTES = 16

/** What a plan takes of the buffers that all jobs share, bytes. */
export function sharedNeeds({ scratchBytes, unitsPerRound, recordBytes }: GpuPlan) {
  return {
    scratch: scratchBytes.fixed + scratchBytes.perUnit * unitsPerRound,
    result: resultBytes(recordBytes),
  }
}

/**
 * The buffers that all jobs of a device share. Submissions run one after another, so one of each is enough; only what
 * the CPU reads, the staging buffers, is a ring. They grow to what the largest plan needs.
 */
export class SharedBuffers {
  readonly work: GPUBuffer
  /** Where time stamps are resolved to. */
  readonly stamps: GPUBuffer
  readonly #buffers: Buffers
  readonly #ring: GPUBuffer[] = []
  #scratch: GPUBuffer
  #result: GPUBuffer

  constructor(buffers: Buffers) {
    const { COPY_DST, COPY_SRC, QUERY_RESOLVE, UNIFORM } = BufferUsage
    this.#buffers = buffers
    this.work = buffers.create('work', MOST_ROUNDS * WORK_STRIDE, UNIFORM | COPY_DST)
    this.stamps = buffers.create('stamps', STAMP_BYTES, QUERY_RESOLVE | COPY_SRC)
    this.#scratch = this.#makeScratch(0)
    this.#result = this.#makeResult(0)
  }

  get scratch(): GPUBuffer {
    return this.#scratch
  }

  get result(): GPUBuffer {
    return this.#result
  }

  /** Makes them large enough for a plan. Bind groups with the ones before are of no use then. */
  fit(plan: GpuPlan): void {
    const needs = sharedNeeds(plan)
    if (this.#scratch.size < needs.scratch) {
      this.#buffers.destroy(this.#scratch)
      this.#scratch = this.#makeScratch(needs.scratch)
    }
    if (this.#result.size < needs.result) {
      this.#buffers.destroy(this.#result)
      this.#result = this.#makeResult(needs.result)
    }
  }

  /** A staging buffer with room for `bytes`, until it is given back. */
  takeStaging(bytes: number): GPUBuffer {
    const free = this.#ring.pop()
    if (free !== undefined && free.size >= bytes) return free
    if (free !== undefined) this.#buffers.destroy(free)
    return this.#buffers.create('staging', bytes, BufferUsage.MAP_READ | BufferUsage.COPY_DST)
  }

  /** @param staging not mapped any more */
  giveBackStaging(staging: GPUBuffer): void {
    this.#ring.push(staging)
  }

  #makeScratch(bytes: number): GPUBuffer {
    return this.#buffers.create('scratch', bytes, BufferUsage.STORAGE)
  }

  #makeResult(bytes: number): GPUBuffer {
    const { COPY_DST, COPY_SRC, STORAGE } = BufferUsage
    return this.#buffers.create('result', bytes, STORAGE | COPY_SRC | COPY_DST)
  }
}
