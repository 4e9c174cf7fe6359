import type { Credit } from '../protocol/credit.ts'
import type { AppId, HostId } from '../protocol/ids.ts'
import type { Refusal, TaskWorkunit, TrustPolicyName } from '../protocol/messages.ts'
import type { Slice } from '../protocol/slice.ts'
import type { Backend, BackendPreference, GpuState } from './gpuState.ts'

/** What the engine shows of itself: a new value at every change, never mutated. Pages and terminals render it and nothing else. */
export interface Snapshot {
  readonly phase: Phase
  readonly connection: Connection
  readonly host: HostId | undefined
  readonly trust: TrustPolicyName | undefined
  /** `in-memory`: this browser denies storage, so the host's identity and what is unsent end with the tab. */
  readonly storage: 'kept' | 'in-memory'
  /** What the person allowed: the share of the device's cores and of its GPU's time, 0.05 to 1. */
  readonly share: number
  /** What the person wants computed on. */
  readonly preference: BackendPreference
  /** Of which apps the person wants to compute, by id; undefined means all. */
  readonly apps: readonly AppId[] | undefined
  readonly gpu: GpuState
  /** What computes now. */
  readonly backends: readonly Backend[]
  /** What follows from all that: this many workers, each this busy (0 to 1), none when the GPU works alone. */
  readonly workers: number
  readonly duty: number
  /** And the GPU this busy, 0 to 1; 0 when it is not used. */
  readonly gpuDuty: number
  /** Measured over the last seconds: share of all cores that was busy, 0 to 1. */
  readonly busyShare: number
  /** Measured over the last seconds: share of the time that the GPU was busy, 0 to 1. */
  readonly gpuBusyShare: number
  /** Measured over the last seconds. */
  readonly itemsPerSecond: number
  /** What the canary measured at start: credit per second of one worker at full duty. */
  readonly canary: number | undefined
  /** In this visit. */
  readonly slicesDone: number
  readonly itemsDone: number
  readonly itemsAccepted: number
  readonly creditEarned: Credit
  /** Of this host, all visits, as the coordinator said last plus what it acknowledged since. */
  readonly credit: { readonly reported: Credit; readonly final: Credit }
  /** Finished slices that the coordinator has not acknowledged yet. */
  readonly unsentSlices: number
  /** Workunits of the tasks at hand, in lease order. */
  readonly workunits: readonly TaskWorkunit[]
  /** The latest slices of this visit, oldest first, at most 512. */
  readonly stitches: readonly Stitch[]
  /** What was found in this visit, oldest first. */
  readonly finds: readonly Find[]
}

/** Every state says what it needs to be shown honestly. Times are `Date.now()` ms. */
export type Phase =
  | { readonly state: 'stopped'; readonly why?: StopReason }
  | { readonly state: 'starting'; readonly step: 'connecting' | 'fetching-kernel' | 'measuring' }
  | { readonly state: 'running' }
  | {
      readonly state: 'idle'
      readonly reason: IdleReason
      readonly since: number
      readonly retryAt?: number
    }

/** Why it does nothing though the person said yes. The page says this in words, and what would change it. */
export type IdleReason =
  | 'disconnected'
  | 'no-batches'
  | 'all-leased'
  | 'no-app-in-common'
  | 'none-of-your-apps'
  | 'another-tab'
  | 'too-many-tasks'

export type StopReason =
  | { readonly code: 'protocol-version' }
  | { readonly code: 'no-secure-context' }
  | { readonly code: 'no-wasm' }
  | { readonly code: 'failed'; readonly message: string }

export type Connection =
  | { readonly state: 'closed' }
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'open' }
  | { readonly state: 'waiting'; readonly retryAt: number; readonly attempt: number }

export interface Stitch {
  /** Unique within the visit. */
  readonly id: number
  readonly workunit: TaskWorkunit
  readonly slice: Slice
  readonly state: 'computing' | 'computed' | 'reported' | 'final' | 'refused'
  /** Of a refused one. */
  readonly why?: RefusedBecause
}

export interface Find {
  /** Unique within the visit. */
  readonly id: number
  readonly workunit: TaskWorkunit
  /** As the app's output schema has it. */
  readonly output: unknown
  readonly foundAt: number
  readonly state: 'computed' | 'reported' | 'final' | 'refused'
  /** Of a refused one. */
  readonly why?: RefusedBecause
}

/** Why a slice does not count: what the coordinator said, or why it never could. */
export type RefusedBecause = Refusal | DroppedBecause

/**
 * Why this device dropped a slice. `too-large`: its outputs fit into no report. `report-refused`: the coordinator ended every
 * session over the report it was in, or was to follow.
 */
export type DroppedBecause = 'too-large' | 'report-refused'
