import type { StatementSync } from 'node:sqlite'
import { decode, encode } from '@msgpack/msgpack'
import * as v from 'valibot'
import { hostKeySchema } from '../protocol/messages.ts'
import { UnreadableIdentityError } from './errors.ts'
import { identityFromBytes, identityToBytes } from './identity.ts'
import { keptTaskSchema } from './keptTask.ts'
import type { ContributorStorage } from './storage.ts'

/** A database that this process alone has open, whose every transaction is on disk when it returns. */
export interface HostDatabase {
  statement(sql: string): StatementSync
  /** All that `work` writes, or nothing. */
  transaction<Result>(work: () => Result): Result
}

/** The tables that `fileStorage` needs, by the number of the build that brought them. Entries are only ever added. */
export const hostMigrations: readonly {
  readonly number: number
  readonly name: string
  readonly sql: string
}[] = [
  {
    number: 1,
    name: 'identity and tasks',
    sql: `
      CREATE TABLE identity (
        only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
        algorithm TEXT NOT NULL,
        public_key BLOB NOT NULL,
        private_key BLOB NOT NULL
      ) STRICT;
      CREATE TABLE tasks (
        server TEXT NOT NULL,
        id TEXT NOT NULL,
        kept BLOB NOT NULL,
        PRIMARY KEY (server, id)
      ) STRICT, WITHOUT ROWID;`,
  },
]

const bytes = v.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array)
const identityRow = v.object({
  algorithm: hostKeySchema.entries.algorithm,
  public_key: bytes,
  private_key: bytes,
})
const taskRow = v.object({ kept: bytes })

/**
 * Keeps a host in a file: its key pair as bytes, and each task as one msgpack value. The host is the same everywhere; a task is
 * shown only to the coordinator that leased it, as any other would refuse its reports.
 * @param server origin of the coordinator
 */
export function fileStorage(
  db: HostDatabase,
  server: string,
  close: () => void,
): ContributorStorage {
  return {
    kind: 'kept',
    privateKeyAs: 'bytes',
    async identity() {
      const row = db.statement('SELECT algorithm, public_key, private_key FROM identity').get()
      if (row === undefined) return undefined
      try {
        const { algorithm, public_key, private_key } = v.parse(identityRow, row)
        return await identityFromBytes({
          algorithm,
          publicKey: public_key,
          privateKey: private_key,
        })
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause)
        throw new UnreadableIdentityError(why, { cause })
      }
    },
    async keepIdentity(identity) {
      const { algorithm, publicKey, privateKey } = await identityToBytes(identity)
      db.statement(
        'INSERT OR REPLACE INTO identity (only_one, algorithm, public_key, private_key) VALUES (1, ?, ?, ?)',
      ).run(algorithm, publicKey, privateKey)
    },
    async tasks() {
      const rows = db.statement('SELECT kept FROM tasks WHERE server = ?').all(server)
      return rows.flatMap((row) => {
        const task = v.safeParse(keptTaskSchema, readable(v.parse(taskRow, row).kept))
        return task.success ? [task.output] : []
      })
    },
    async write(changes) {
      db.transaction(() => {
        for (const [id, task] of changes) {
          if (task === undefined) {
            db.statement('DELETE FROM tasks WHERE server = ? AND id = ?').run(server, id)
          } else {
            const kept = encode(task, { ignoreUndefined: true })
            db.statement('INSERT OR REPLACE INTO tasks (server, id, kept) VALUES (?, ?, ?)').run(
              server,
              id,
              kept,
            )
          }
        }
      })
    },
    close,
  }
}

function readable(msgpack: Uint8Array): unknown {
  try {
    return decode(msgpack)
  } catch {
    return undefined
  }
}
