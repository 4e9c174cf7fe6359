import * as v from 'valibot'
import { hostIdSchema, taskIdSchema } from '../protocol/ids.ts'
import { reportSchema, sliceReportSchema } from '../protocol/messages.ts'

const bytes = v.instance(Uint8Array)

/** A slice that was computed and is in no report yet. */
export const finishedSliceSchema = v.object({
  slice: sliceReportSchema,
  outputs: v.array(v.unknown()),
})
export type FinishedSlice = v.InferOutput<typeof finishedSliceSchema>

/**
 * What must survive a crash of one task: whatever was computed and is not acknowledged. A report that was composed is kept
 * as such, because it may have arrived: under its number only these very bytes may ever be sent. What is finished after
 * it goes into the next one.
 */
export const keptTaskSchema = v.object({
  host: hostIdSchema,
  task: taskIdSchema,
  token: bytes,
  /** The number of the next report to compose. */
  nextSeq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** The chain's head after the last report that was composed, 32 bytes. */
  head: v.pipe(bytes, v.length(32)),
  /** Composed and not acknowledged. */
  inFlight: v.optional(reportSchema),
  finished: v.array(finishedSliceSchema),
})
export type KeptTask = v.InferOutput<typeof keptTaskSchema>
