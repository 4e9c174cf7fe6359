import * as v from 'valibot'

/** What a batch without one of its own gets. */
export const DEFAULT_EPSILON = 1e-3

/**
 * The share of a batch's final slices that may be wrong: audits are planned so that it is not passed. Smaller costs more of them;
 * nothing smaller than one in a million can be shown by drawing at random.
 */
export const epsilonSchema = v.pipe(
  v.number(),
  v.minValue(1e-6, 'epsilon must be at least 1e-6'),
  v.maxValue(0.5, 'epsilon must be at most 0.5'),
)
