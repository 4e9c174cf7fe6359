import { expect, test } from 'vitest'
import { apps } from '../../../src/apps/registry.ts'
import { findSpecimen } from './findSpecimen.ts'

test('the specimen of an app is found by its id', async () => {
  for (const { id } of apps) expect((await findSpecimen(id)).published.length).toBeGreaterThan(0)
})

test('an app without one is told what to write', async () => {
  await expect(findSpecimen('no-such-app')).rejects.toThrow(
    'no-such-app has no specimen: write src/apps/no-such-app/testing/specimen.ts, with an export `specimen`',
  )
})
