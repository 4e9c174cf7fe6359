import type { TestProject } from 'vitest/node'
import { startPostgres } from './startPostgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server for all tests of a run; each takes a schema of its own (`newDatabase`). */
    postgresUrl: string
  }
}

/** Starts one server for the whole run, and ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres()
  project.provide('postgresUrl', postgres.url)
  return () => postgres.stop()
}
