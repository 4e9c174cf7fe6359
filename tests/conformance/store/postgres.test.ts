import { inject } from 'vitest'
import { openPostgresStore } from '../../../src/server/stores/postgres/openPostgresStore.ts'
import { newDatabase } from '../../postgres/newDatabase.ts'
import { sharedLaws } from './sharedLaws.ts'
import { storeConformance } from './storeConformance.ts'

const makePlace = async () => {
  const { url, remove } = await newDatabase(inject('postgresUrl'))
  const patient = new URL(url)
  // Who waits in a circle is not helped out of it: it would be tried again, and nobody would notice.
  const options = `${patient.searchParams.get('options') ?? ''} -c deadlock_timeout=100s`
  patient.searchParams.set('options', options)
  return {
    open: () =>
      openPostgresStore(patient.href, (error) => {
        throw error
      }),
    remove,
  }
}

storeConformance('postgres', makePlace)
sharedLaws('postgres', makePlace)
