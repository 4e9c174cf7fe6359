import { join } from 'node:path'
import { fileStorage, hostMigrations } from '../client/fileStorage.node.ts'
import type { ContributorStorage } from '../client/storage.ts'
import { WeftError } from '../protocol/errors.ts'
import { DataFolderError } from '../server/errors.ts'
import { StoreLockedError } from '../server/stores/errors.ts'
import { connect } from '../server/stores/sqlite/connect.ts'
import { databaseOn } from '../server/stores/sqlite/database.ts'
import { migrate } from '../server/stores/sqlite/migrate.ts'
import { HostInUseError } from './errors.ts'

/** Where the host of a data folder is kept. */
export function hostFile(dataDir: string): string {
  return join(dataDir, 'host.sqlite')
}

/**
 * Opens the host of this data folder, making both where they are not, and takes it for this process alone. It may be closed
 * more than once.
 *
 * @param server the coordinator that it is to work for
 * @throws HostInUseError when another process has it
 * @throws StoreTooNewError when a newer build wrote it; DataFolderError when it cannot be read or written
 */
export function openHostStorage(dataDir: string, server: URL): ContributorStorage {
  const path = hostFile(dataDir)
  try {
    const connection = connect(path)
    const close = (): void => {
      if (connection.isOpen) connection.close()
    }
    try {
      migrate(connection, path, hostMigrations)
    } catch (error) {
      close()
      throw error
    }
    return fileStorage(databaseOn(connection), server.origin, close)
  } catch (cause) {
    if (cause instanceof StoreLockedError) throw new HostInUseError(dataDir, { cause })
    if (cause instanceof WeftError || !(cause instanceof Error)) throw cause
    throw new DataFolderError(dataDir, cause.message, { cause })
  }
}
