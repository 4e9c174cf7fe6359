import { clampShare, DISPATCH_MS, govern } from '../runtime/governor.ts'
import { createBoard } from './board.ts'
import { nothingCarried } from './carried.ts'
import type { Contributor } from './contributor.ts'
import { firstSnapshot } from './firstSnapshot.ts'
import type { ContributorParts } from './parts.ts'
import { shownEffort } from './shownEffort.ts'
import type { Phase, Snapshot, StopReason } from './snapshot.ts'
import { beginVisit, type Visit } from './visit.ts'

/** A contributor, and what the place it runs in tells it. */
export interface Engine extends Contributor {
  /** The page was hidden, or may be gone soon: reports what is finished without waiting. */
  flush(): void
  /** Somebody looks at the screen now, or nobody does: the GPU draws it besides. Nobody does unless it is said. */
  setVisible(visible: boolean): void
  /** The page is leaving: workers end, leases go back, the line closes, all at once. A later `start` begins anew. */
  leave(): void
}

/** Makes a volunteer's engine. It does nothing until `start`. */
export function createContributor(parts: ContributorParts): Engine {
  const carried = nothingCarried(clampShare(parts.share), parts.preference, parts.chosen)
  const board = createBoard({
    ...firstSnapshot(carried.share, parts.cores, carried.preference),
    apps: carried.apps,
  })
  /** What is shown when nothing runs; what was found out about the GPU stays. */
  const atRest = (): Partial<Snapshot> => {
    const { gpu, backends, workers, duty, gpuDuty } = firstSnapshot(
      carried.share,
      parts.cores,
      carried.preference,
    )
    const known = board.snapshot.gpu.state === 'measuring' ? gpu : board.snapshot.gpu
    const measured = { busyShare: 0, gpuBusyShare: 0, itemsPerSecond: 0 }
    return { gpu: known, backends, workers, duty, gpuDuty, ...measured }
  }
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
      .end(() => board.update({ phase, ...atRest() }))
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
      const { backends } = board.snapshot
      const effort = govern({ share: carried.share, cores: parts.cores, backends })
      board.update({ share: carried.share, ...shownEffort(effort) })
      visit?.apply()
    },
    setBackend(preference) {
      carried.preference = preference
      board.update({ preference })
      visit?.apply()
    },
    setApps(ids) {
      carried.apps = ids
      board.update({ apps: ids })
      visit?.apply()
    },
    setVisible(visible) {
      carried.dispatchMs = visible ? DISPATCH_MS.seen : DISPATCH_MS.unseen
      visit?.apply()
    },
    flush: () => visit?.flush(),
    leave() {
      wanted = false
      visit?.leave()
      visit = undefined
      board.update({ phase: { state: 'stopped' }, ...atRest() })
    },
  }
}
