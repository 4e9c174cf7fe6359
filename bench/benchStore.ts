import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgresStore } from '../src/server/stores/postgres/openPostgresStore.ts'
import { openSqliteStore } from '../src/server/stores/sqlite/openSqliteStore.ts'
import type { Store } from '../src/server/stores/store.ts'
import { startPostgres } from '../tests/postgres/startPostgres.ts'

export type BenchStoreName = 'sqlite' | 'postgres'

/** An empty store of the bench's own, with every safety on. */
export interface BenchStore {
  /** Opens it here: before coordinators have it, or after. */
  open(): Promise<Store>
  /** A coordinator's flags for it. */
  readonly flags: Readonly<Record<string, string>>
  /** The database's own process, where it has one. */
  readonly pid: number | undefined
  remove(): Promise<void>
}

export async function makeBenchStore(name: BenchStoreName): Promise<BenchStore> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-bench-'))
  const removeDirectory = () => rm(directory, { recursive: true, force: true })
  if (name === 'sqlite') {
    return {
      open: async () => openSqliteStore(join(directory, 'weft.sqlite')),
      flags: { store: 'sqlite', 'data-dir': directory },
      pid: undefined,
      remove: removeDirectory,
    }
  }
  const postgres = await startPostgres()
  return {
    open: () =>
      openPostgresStore(postgres.url, (error) => {
        throw error
      }),
    flags: { store: 'postgres', 'database-url': postgres.url, 'data-dir': directory },
    pid: postgres.pid,
    async remove() {
      await postgres.stop()
      await removeDirectory()
    },
  }
}
