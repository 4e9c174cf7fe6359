import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHostStorage } from '../../../src/cli/openHostStorage.ts'
import { storageConformance } from './storageConformance.ts'

storageConformance('file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-storage-'))
  const server = new URL('http://localhost:8787')
  return {
    open: async () => openHostStorage(folder, server),
    remove: () => rm(folder, { recursive: true }),
  }
})
