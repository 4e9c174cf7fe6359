import type { Snapshot } from './snapshot.ts'

/** Holds the snapshot and tells whoever watches. */
export interface Board {
  readonly snapshot: Snapshot
  update(change: Partial<Snapshot>): void
  subscribe(changed: (snapshot: Snapshot) => void): () => void
}

export function createBoard(first: Snapshot): Board {
  const watchers = new Set<(snapshot: Snapshot) => void>()
  let snapshot = first
  let announced = true

  function announce(): void {
    announced = true
    for (const changed of watchers) changed(snapshot)
  }

  return {
    get snapshot() {
      return snapshot
    },
    update(change) {
      snapshot = { ...snapshot, ...change }
      if (!announced) return
      announced = false
      // A timer, not a microtask: however many promises change things in one task, watchers hear of it once.
      setTimeout(announce)
    },
    subscribe(changed) {
      watchers.add(changed)
      return () => void watchers.delete(changed)
    },
  }
}
