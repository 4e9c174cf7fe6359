import { readdirSync, readFileSync } from 'node:fs'

export interface Migration {
  readonly number: number
  /** `0001_initial.sql` */
  readonly name: string
  readonly sql: string
}

/** The migrations in a folder, in order. Files are only ever added. */
export function readMigrations(folder: URL): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .toSorted()
    .map((name) => ({
      number: Number(name.slice(0, 4)),
      name,
      sql: readFileSync(new URL(name, folder), 'utf8'),
    }))
}
