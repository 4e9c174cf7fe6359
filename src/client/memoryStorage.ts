import type { TaskId } from '../protocol/ids.ts'
import type { KeptIdentity } from './identity.ts'
import type { KeptTask } from './keptTask.ts'
import type { ContributorStorage } from './storage.ts'

/** Keeps everything as long as this value lives: for the demo, and for browsers that deny storage. */
export function memoryStorage(): ContributorStorage {
  const tasks = new Map<TaskId, KeptTask>()
  let kept: KeptIdentity | undefined
  return {
    kind: 'in-memory',
    privateKeyAs: 'handle',
    async identity() {
      return kept
    },
    async keepIdentity(identity) {
      kept = identity
    },
    async tasks() {
      return [...tasks.values()]
    },
    async write(changes) {
      for (const [id, task] of changes) {
        if (task === undefined) tasks.delete(id)
        else tasks.set(id, task)
      }
    },
    close() {},
  }
}
