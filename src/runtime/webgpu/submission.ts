import type { Seed } from '../../protocol/digest.ts'
import type { JobOnGpu, Pass } from './jobOnGpu.ts'
import type { OpenDevice } from './openDevice.ts'
import { readResult, resultBytes, type SubmissionResult } from './result.ts'
import { STAMP_BYTES } from './sharedBuffers.ts'
import { encodeWork, roundsOf, WORK_STRIDE, type Round } from './work.ts'

/** What a submission left: how long the GPU worked on it, ms, and what it says. */
export interface Landed {
  readonly ms: number
  /** @throws KernelFailedError, as `readResult` does */
  readonly result: () => SubmissionResult
}

/**
 * Submits a stretch of units as one compute pass, and reads what it left. What was submitted before runs before, and every call
 * up to the first `await` is made at once, so submissions share their buffers.
 * @throws Error when the device is lost or closed meanwhile
 */
export async function submit(
  on: OpenDevice,
  job: JobOnGpu,
  stretch: Round,
  seed: Seed,
): Promise<Landed> {
  if (on.gone) throw new Error('The device is gone.')
  const { device, shared, now } = on
  const nonce = on.nextNonce()
  const { recordBytes, unitsPerRound } = job.plan
  const rounds = roundsOf(stretch, unitsPerRound)
  const bytes = resultBytes(recordBytes)
  const size = bytes + STAMP_BYTES
  const group = job.bindGroup()
  const staging = shared.takeStaging(size)
  const { result, stamps, work } = shared

  device.queue.writeBuffer(work, 0, encodeWork(rounds, seed, nonce))
  const encoder = device.createCommandEncoder({ label: job.app })
  encoder.clearBuffer(result)
  const pass = encoder.beginComputePass(on.timer === undefined ? {} : { timestampWrites: on.timer })
  const dispatch = (passes: readonly Pass[], units: number, offset: number): void => {
    pass.setBindGroup(0, group, [offset])
    for (const { pipeline, fixed, perUnit } of passes) {
      pass.setPipeline(pipeline)
      pass.dispatchWorkgroups(fixed + perUnit * units)
    }
  }
  if (!job.prepared) dispatch(job.prepare, 0, 0)
  job.prepared = true
  for (const [index, { units }] of rounds.entries()) dispatch(job.round, units, index * WORK_STRIDE)
  pass.end()
  encoder.copyBufferToBuffer(result, 0, staging, 0, bytes)
  if (on.timer !== undefined) {
    encoder.resolveQuerySet(on.timer.querySet, 0, 2, stamps, 0)
    encoder.copyBufferToBuffer(stamps, 0, staging, bytes, STAMP_BYTES)
  }
  device.queue.submit([encoder.finish()])

  const submittedAt = now()
  await on.readable(staging, size)
  const doneAt = now()
  const read = staging.getMappedRange(0, size).slice(0)
  staging.unmap()
  shared.giveBackStaging(staging)
  const ms = on.time.msOf({ submittedAt, doneAt, pass: on.timer && stampsOf(read, bytes) })
  const asked = { nonce, rounds: rounds.length, units: stretch.units, recordBytes }
  return { ms, result: () => readResult(job.app, read, asked) }
}

function stampsOf(bytes: ArrayBuffer, at: number): { begin: bigint; end: bigint } {
  const view = new DataView(bytes, at)
  return { begin: view.getBigUint64(0, true), end: view.getBigUint64(8, true) }
}
