import { pause } from '../runtime/pause.ts'
import type { Pool } from '../runtime/pool.ts'
import type { Asker } from './asker.ts'
import type { Journal } from './journal.ts'
import type { Line } from './line.ts'
import type { Metronome } from './metronome.ts'
import type { Outbox } from './outbox.ts'
import type { WorkLoop } from './workLoop.ts'

export interface ShiftEndParts {
  readonly over: AbortController
  readonly loop: Pick<WorkLoop, 'halt'>
  readonly pool: Pick<Pool, 'halt' | 'close'>
  readonly outbox: Pick<Outbox, 'flush' | 'openTasks' | 'releaseAll'>
  readonly line: Pick<Line, 'connection' | 'close'>
  readonly journal: Pick<Journal, 'flush'>
  readonly reports: Pick<Metronome, 'stop'>
  readonly asker: Pick<Asker, 'close'>
  /** The line is closed: what is shown now is the last. */
  readonly gone: () => void
}

/** How a shift ends, in order: no new work, idle workers, reports, releases, goodbye. */
export interface ShiftEnd {
  /** Every task has found its end. */
  drained(): void
  /** Resolves when workers are idle, within 250 ms; then `deliver`. */
  halt(): Promise<void>
  /** Reports what is finished, for at most a second; then gives the rest back and hangs up. */
  deliver(): Promise<void>
  /** The same at once, and as well as it goes: the page is leaving. Resolves when what is unsent is kept, if it still may. */
  abandonShip(): Promise<void>
}

/** How long stopping waits for acknowledgements; what comes later waits in storage. */
const DELIVERY_MS = 1_000

export function createShiftEnd(parts: ShiftEndParts): ShiftEnd {
  const { over, loop, pool, outbox, line, journal, reports, asker } = parts
  const delivered = new AbortController()

  function hangUp(): void {
    outbox.releaseAll()
    line.close()
    pool.close()
    reports.stop()
    asker.close()
    parts.gone()
  }

  return {
    drained() {
      if (over.signal.aborted) delivered.abort()
    },
    async halt() {
      over.abort()
      loop.halt()
      await pool.halt()
    },
    async deliver() {
      outbox.flush()
      if (outbox.openTasks > 0 && line.connection.state === 'open') {
        await pause(DELIVERY_MS, delivered.signal)
      }
      hangUp()
      await journal.flush()
    },
    abandonShip() {
      over.abort()
      loop.halt()
      hangUp()
      return journal.flush()
    },
  }
}
