import { clampShare, govern } from '../runtime/governor.ts'
import { createBoard } from './board.ts'
import { nothingCarried } from './carried.ts'
import type { Contributor } from './contributor.ts'
import { firstSnapshot } from './firstSnapshot.ts'
import type { ContributorParts } from './parts.ts'
import type { Phase, StopReason } from './snapshot.ts'
import { beginVisit, type Visit } from './visit.ts'

/** A contributor, and what the place it runs in tells it. */
export interface Engine extends Contributor {
  /** The page was hidden, or may be gone soon: reports what is finished without waiting. */
  flush(): void
  /** The page is leaving: workers end, leases go back, the line closes, all at once. A later `start` begins anew. */
  leave(): void
}

/** Makes a volunteer's engine. It does nothing until `start`. */
export function createContributor(parts: ContributorParts): Engine {
  const carried = nothingCarried(clampShare(parts.share))
  const board = createBoard(firstSnapshot(carried.share, parts.cores))
  let visit: Visit | undefined
  let ending: Promise<void> | undefined
  let wanted = false

  function begin(): void {
    if (!wanted || visit !== undefined || ending !== undefined) return
    visit = beginVisit(parts, carried, board, (why) => {
      wanted = false
      // What went wrong is on the board; how the rest of the visit ends changes nothing about it.
      queueMicrotask(() => void end(why))
    })
  }

  async function end(why?: StopReason): Promise<void> {
    if (visit === undefined) return ending
    const phase: Phase = { state: 'stopped', ...(why === undefined ? {} : { why }) }
    const leaving = visit
    visit = undefined
    ending = leaving
      .end(() => board.update({ phase, busyShare: 0, itemsPerSecond: 0 }))
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error)
        board.update({ phase: { state: 'stopped', why: { code: 'failed', message } } })
      })
    await ending
    ending = undefined
    begin()
  }

  return {
    get snapshot() {
      return board.snapshot
    },
    subscribe: (changed) => board.subscribe(changed),
    start() {
      wanted = true
      begin()
    },
    stop() {
      wanted = false
      return end()
    },
    setShare(share) {
      carried.share = clampShare(share)
      board.update({
        share: carried.share,
        ...govern({ share: carried.share, cores: parts.cores }),
      })
      visit?.applyShare()
    },
    flush: () => visit?.flush(),
    leave() {
      wanted = false
      visit?.leave()
      visit = undefined
      board.update({ phase: { state: 'stopped' }, busyShare: 0, itemsPerSecond: 0 })
    },
  }
}
