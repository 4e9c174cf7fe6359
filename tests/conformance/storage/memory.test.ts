import { memoryStorage } from '../../../src/client/memoryStorage.ts'
import { storageConformance } from './storageConformance.ts'

storageConformance('memory', async () => {
  const storage = memoryStorage()
  return { open: async () => storage, remove: async () => {} }
})
