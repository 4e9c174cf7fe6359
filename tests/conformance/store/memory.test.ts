import { openMemoryStore } from '../../../src/server/stores/memory/openMemoryStore.ts'
import { emptyMemory } from '../../../src/server/stores/memory/memory.ts'
import { storeConformance } from './storeConformance.ts'

storeConformance('memory', async () => {
  const memory = emptyMemory()
  return { open: async () => openMemoryStore(memory), remove: async () => {} }
})
