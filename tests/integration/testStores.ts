import { inject, onTestFinished } from 'vitest'
import { newDatabase } from '../postgres/newDatabase.ts'
import { testDirectory } from './testServer.ts'

/** Every engine, as the flags of a coordinator on a store of its own. For `test.each`. */
export const STORES: readonly (readonly [string, () => Promise<Record<string, string>>])[] = [
  ['memory', async () => ({ store: 'memory' })],
  ['SQLite', async () => ({ store: 'sqlite', 'data-dir': await testDirectory() })],
  [
    'PostgreSQL',
    async () => {
      const { url, remove } = await newDatabase(inject('postgresUrl'))
      onTestFinished(remove)
      return { store: 'postgres', 'database-url': url, 'data-dir': await testDirectory() }
    },
  ],
]
