const FIRST_MS = 500
const LONGEST_MS = 60_000

/**
 * How long to wait before trying again: anywhere between half a second and a bound that doubles from 1 s to 60 s, so
 * that a thousand hosts whose coordinator restarted do not come back in the same moment.
 *
 * @param attempt 0 for the first wait
 * @param random 0 to 1
 */
export function backoffMs(attempt: number, random: number): number {
  const bound = Math.min(LONGEST_MS, 2 * FIRST_MS * 2 ** attempt)
  return FIRST_MS + random * (bound - FIRST_MS)
}
