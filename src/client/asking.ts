/** Work is asked for when less than this is left, so that the answer comes before the workers run dry. */
export const RUNWAY_MS = 2_000
/** The task being computed and the next one. */
const MOST_TASKS = 2

export interface AskingFacts {
  /** Whether a session is open and an ask would be welcome. */
  readonly canAsk: boolean
  /** Tasks that the coordinator has not seen the end of. */
  readonly openTasks: number
  /** Tasks of earlier visits whose reports come first. */
  readonly leftovers: number
  /** Credit of all slices at hand that are not finished. */
  readonly creditLeft: number
  /** Credit per second. */
  readonly speed: number
}

/** Whether it is time to ask for the next task. */
export function shouldAsk(facts: AskingFacts): boolean {
  if (!facts.canAsk) return false
  if (facts.leftovers > 0 || facts.openTasks >= MOST_TASKS) return false
  return facts.creditLeft === 0 || facts.creditLeft * 1_000 < RUNWAY_MS * facts.speed
}
