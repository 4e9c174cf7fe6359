import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../../src/server/stores/sqlite/openSqliteStore.ts'
import { storeConformance } from './storeConformance.ts'

storeConformance('sqlite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-store-'))
  return {
    open: async () => openSqliteStore(join(folder, 'weft.db')),
    remove: () => rm(folder, { recursive: true }),
  }
})
