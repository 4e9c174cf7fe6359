import type { TaskId } from '../protocol/ids.ts'
import type { KeptIdentity } from './identity.ts'
import type { KeptTask } from './keptTask.ts'

/** Where a host keeps its key and what it has not delivered yet. */
export interface ContributorStorage {
  /** `in-memory`: it ends with the tab or the process. */
  readonly kind: 'kept' | 'in-memory'
  /** What it keeps of a private key. `bytes`: an identity can be kept only if it was made extractable. */
  readonly privateKeyAs: 'handle' | 'bytes'
  /** Undefined where none was kept, or where what was kept is lost and may be replaced. */
  identity(): Promise<KeptIdentity | undefined>
  keepIdentity(identity: KeptIdentity): Promise<void>
  /** What earlier visits left behind; rows that cannot be read are not among them. */
  tasks(): Promise<KeptTask[]>
  /** Puts (or, where undefined, removes) these tasks: all of them or none. */
  write(changes: ReadonlyMap<TaskId, KeptTask | undefined>): Promise<void>
  close(): void
}
