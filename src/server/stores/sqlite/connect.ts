import { chmodSync, existsSync, mkdirSync, openSync, closeSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreLockedError } from '../errors.ts'

/** How long to wait for another process to let go of the file, ms: a coordinator that restarts meets the one that stops. */
const BUSY_MS = 2_000

/** What SQLite says when somebody else has the file. */
const SQLITE_BUSY = 5

/**
 * Opens the file, making it and its folder where they are not, and takes it for this process alone until it is closed
 * or the process ends, however it ends. Only the process's user may read it: the key of the lease tokens is in there.
 * @throws StoreLockedError when another process has it
 */
export function connect(path: string): DatabaseSync {
  makePrivate(path)
  const connection = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true })
  try {
    // Exclusive before the first look at the WAL: its index is then in this process's memory, and no other can join.
    connection.exec('PRAGMA locking_mode = EXCLUSIVE')
    connection.exec('PRAGMA journal_mode = WAL')
    // In WAL mode only FULL syncs at every commit; fullfsync makes macOS flush the drive as well, elsewhere it says nothing.
    connection.exec('PRAGMA synchronous = FULL')
    connection.exec('PRAGMA fullfsync = ON')
    connection.exec('PRAGMA checkpoint_fullfsync = ON')
    connection.exec('BEGIN IMMEDIATE; COMMIT')
    return connection
  } catch (cause) {
    connection.close()
    const busy = cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY
    throw busy ? new StoreLockedError(path, { cause }) : cause
  }
}

/** Before SQLite sees it: what SQLite makes beside a file has the file's own mode. A folder that was there is left as it is. */
function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  // Never opened when it exists: closing it again would drop the locks that this process holds on it.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  for (const file of [path, `${path}-wal`]) if (existsSync(file)) chmodSync(file, 0o600)
}
