import { inject } from 'vitest'
import { openPostgresStore } from '../../../src/server/stores/postgres/openPostgresStore.ts'
import { newDatabase } from '../../postgres/newDatabase.ts'
import { sharedLaws } from './sharedLaws.ts'
import { storeConformance } from './storeConformance.ts'

const makePlace = async () => {
  const { url, remove } = await newDatabase(inject('postgresUrl'))
  return {
    open: () =>
      openPostgresStore(url, (error) => {
        throw error
      }),
    remove,
  }
}

storeConformance('postgres', makePlace)
sharedLaws('postgres', makePlace)
