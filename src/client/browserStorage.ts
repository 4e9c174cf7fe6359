import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import * as v from 'valibot'
import type { TaskId } from '../protocol/ids.ts'
import { hostKeySchema } from '../protocol/messages.ts'
import type { KeptIdentity } from './identity.ts'
import { keptTaskSchema, type KeptTask } from './keptTask.ts'
import { memoryStorage } from './memoryStorage.ts'
import type { ContributorStorage } from './storage.ts'

interface Kept extends DBSchema {
  identity: { key: 'host'; value: KeptIdentity }
  tasks: { key: TaskId; value: KeptTask }
}

const identitySchema = v.object({
  ...hostKeySchema.entries,
  publicKey: v.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array),
  privateKey: v.instance(CryptoKey),
})

/**
 * Makes the function that opens this browser's storage: IndexedDB, one database per coordinator; memory where the browser
 * denies it (private windows, embeds under a strict policy), the same memory at every call.
 */
export function browserStorage(server: URL): () => Promise<ContributorStorage> {
  const fallback = memoryStorage()
  return async () => {
    try {
      return kept(
        await openDB<Kept>(`weft ${server.host}`, 1, {
          upgrade(fresh) {
            fresh.createObjectStore('identity')
            fresh.createObjectStore('tasks', { keyPath: 'task' })
          },
        }),
      )
    } catch {
      // Browsers differ in what they throw; denied storage is a normal state, and the snapshot says so.
      return fallback
    }
  }
}

function kept(db: IDBPDatabase<Kept>): ContributorStorage {
  return {
    kind: 'kept',
    privateKeyAs: 'handle',
    async identity() {
      const row = v.safeParse(identitySchema, await db.get('identity', 'host'))
      return row.success ? row.output : undefined
    },
    async keepIdentity(identity) {
      await db.put('identity', identity, 'host')
    },
    async tasks() {
      const rows = await db.getAll('tasks')
      return rows.flatMap((row) => {
        const parsed = v.safeParse(keptTaskSchema, row)
        return parsed.success ? [parsed.output] : []
      })
    },
    async write(changes) {
      // Relaxed: what reached the browser's process survives a crash of the tab, and that is what this is for.
      const transaction = db.transaction('tasks', 'readwrite', { durability: 'relaxed' })
      for (const [id, task] of changes) {
        if (task === undefined) void transaction.store.delete(id)
        else void transaction.store.put(task)
      }
      await transaction.done
    },
    close: () => db.close(),
  }
}
