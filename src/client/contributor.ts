import type { AppId } from '../protocol/ids.ts'
import type { BackendPreference } from './gpuState.ts'
import type { Snapshot } from './snapshot.ts'

/** A volunteer's engine as its users see it: the page's controller, the embed's frame, the terminal host. */
export interface Contributor {
  readonly snapshot: Snapshot
  /** Calls back after every change, at most once per task of the event loop; returns the function that ends it. */
  subscribe(changed: (snapshot: Snapshot) => void): () => void
  /** The person's explicit yes: nothing is fetched, connected or computed before it. */
  start(): void
  /** Workers are idle within 250 ms of the call; finished slices are still reported, the rest is released. */
  stop(): Promise<void>
  /** How hard: the share of the device's cores and its GPU's time, clamped to 0.05..1. Takes effect from the next item on. */
  setShare(share: number): void
  /** What computes; with `wasm` the GPU is left alone. Takes effect at once. */
  setBackend(preference: BackendPreference): void
  /**
   * Of which apps, by id; undefined means all of them. Takes effect at once: a task with work of any other is given up as at a stop,
   * and work is asked for anew.
   */
  setApps(ids: readonly AppId[] | undefined): void
}
