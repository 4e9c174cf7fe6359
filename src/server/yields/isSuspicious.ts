import { logPoissonTail } from './poisson.ts'

/**
 * So unlikely is what no honest host should ever meet. It is this small because a host is looked at after each of its reports, a chance each
 * time, and because there are many hosts: of 2,000 honest ones that are looked at 500 times each, the unlucky one falls to about 4e-6, a hundred times
 * lower than one look at each would show. A smaller limit is cheap: what a cheat must be expected to find first grows with its logarithm.
 */
const LIMIT = Math.log(1e-9)

/**
 * Whether a host that should have found so many outputs on average has found far too few.
 * @param expected at least 0, finite
 */
export function isSuspicious(expected: number, found: number): boolean {
  return found < expected && logPoissonTail(expected, found) < LIMIT
}
