import { sampleBatchId } from './samples.ts'

/** What parent and child of the crash test agree on. */
export const CRASH_BATCH = sampleBatchId('alpha')
export const GROUP = 4
