import { openMemoryStore } from '../../../src/server/stores/memory/openMemoryStore.ts'
import { emptyMemory } from '../../../src/server/stores/memory/memory.ts'
import { sharedLaws } from './sharedLaws.ts'
import { storeConformance } from './storeConformance.ts'

const makePlace = async (shared: boolean) => {
  const memory = emptyMemory()
  return { open: async () => openMemoryStore(memory, shared), remove: async () => {} }
}

storeConformance('memory', () => makePlace(false))
sharedLaws('memory', () => makePlace(true))
