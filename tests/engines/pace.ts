import type { Pace } from '../../src/runtime/executor.ts'

/** No rest, and submissions as long as on a screen that nobody looks at. */
export const PACE: Pace = { duty: 1, dispatchMs: 50 }
