import type { BatchId, HostId, TaskId, WorkunitId } from '../../../protocol/ids.ts'
import { sizeOf } from '../../../protocol/intervalSet.ts'
import type { HostYield } from '../groupSums.ts'
import type {
  BatchState,
  ClaimedWorkunit,
  FinishedWorkunit,
  NewBatch,
  SeenHost,
  StoredHost,
  StoredReport,
  StoredResult,
  StoredTask,
  StoredWorkunit,
} from '../store.ts'

/** What a memory store knows. It outlives the store, so that tests may close and open again. */
export interface Memory {
  readonly secrets: Map<string, Uint8Array>
  readonly batches: Map<BatchId, HeldBatch>
  readonly workunits: Map<WorkunitId, HeldWorkunit>
  readonly hosts: Map<HostId, StoredHost>
  readonly tasks: Map<TaskId, StoredTask>
  readonly reports: StoredReport[]
  readonly results: StoredResult[]
  /** As `addYield` names them. */
  readonly yields: Map<string, HostYield>
}

export interface HeldBatch extends NewBatch {
  state: BatchState
  /** How often a workunit of it was finished. */
  finishes: number
}

export interface HeldWorkunit extends ClaimedWorkunit {
  readonly finished: FinishedWorkunit['finished'] | null
  readonly claim: { readonly owner: string; readonly store: symbol; readonly until: number } | null
}

export function emptyMemory(): Memory {
  return {
    secrets: new Map(),
    batches: new Map(),
    workunits: new Map(),
    hosts: new Map(),
    tasks: new Map(),
    reports: [],
    results: [],
    yields: new Map(),
  }
}

export function isFinished(workunit: StoredWorkunit): boolean {
  return sizeOf(workunit.final) === workunit.itemCount
}

export function rememberHost({ hosts }: Memory, { id, key, seenAt }: SeenHost): StoredHost {
  const known = hosts.get(id)
  const host = known
    ? { ...known, lastSeenAt: Math.max(known.lastSeenAt, seenAt) }
    : {
        id,
        key,
        firstSeenAt: seenAt,
        lastSeenAt: seenAt,
        creditReported: 0n,
        creditFinal: 0n,
        slices: 0,
        items: 0,
      }
  hosts.set(id, host)
  return host
}
