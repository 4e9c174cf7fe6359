import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/**
 * The layer rules live in .oxlintrc.json. A rule that never bites looks just like a tree that keeps it, so violations are
 * planted in a copy of the house and must be found.
 */

const root = resolve(import.meta.dirname, '../..')
let house: string

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'weft-house-'))
  copyFileSync(join(root, '.oxlintrc.json'), join(house, '.oxlintrc.json'))
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'))
})

afterAll(() => {
  rmSync(house, { recursive: true })
})

/** Lints one file of the copy and returns the names of the rules it breaks. */
function lint(path: string, source: string): string[] {
  const file = join(house, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, source)
  try {
    execFileSync(join(root, 'node_modules/.bin/oxlint'), ['--format=json', path], { cwd: house })
    return []
  } catch (error) {
    const { stdout } = error as { stdout: Buffer }
    const { diagnostics } = JSON.parse(stdout.toString()) as { diagnostics: { code: string }[] }
    return diagnostics.map(({ code }) => code)
  }
}

describe('the linter', () => {
  it.each([
    ['src/protocol/planted.ts', '../core/x.ts'],
    ['src/core/planted.ts', '../server/x.ts'],
    ['src/core/deep/planted.ts', '../../runtime/x.ts'],
    ['src/core/planted.ts', 'ws'],
    ['src/core/planted.ts', 'idb'],
    ['src/core/planted.ts', 'node:fs'],
    ['src/protocol/planted.ts', 'vite'],
    ['src/protocol/planted.ts', 'node:crypto'],
    ['src/apps/mersenne-tf/planted.ts', 'node:fs'],
    ['src/runtime/planted.ts', '../apps/registry.ts'],
    ['src/apps/mersenne-tf/planted.ts', '../../server/x.ts'],
    ['src/apps/mersenne-tf/planted.ts', '../../core/x.ts'],
    ['src/apps/mersenne-tf/planted.ts', '../create2-search/app.ts'],
    ['src/client/planted.ts', '../web/x.ts'],
    ['src/client/planted.ts', '../apps/mersenne-tf/reference.ts'],
    ['src/web/elements/planted.ts', '../../server/x.ts'],
    ['src/web/planted.ts', '../runtime/pool.ts'],
    ['src/server/planted.ts', '../client/x.ts'],
    ['src/server/http/planted.ts', '../../web/x.ts'],
    ['src/cli/planted.ts', '../core/x.ts'],
  ])('finds that %s may not import %s', (path, target) => {
    expect(lint(path, `export * from '${target}'\n`)).toContain('eslint(no-restricted-imports)')
  })

  it.each([
    ['src/core/kept.ts', '../protocol/x.ts'],
    ['src/core/kept.ts', 'immutable'],
    ['src/protocol/kept.ts', 'valibot'],
    ['src/protocol/kept.ts', '@msgpack/msgpack'],
    ['src/client/kept.ts', '../apps/registry.ts'],
    ['src/apps/mersenne-tf/kept.ts', '../../protocol/ids.ts'],
    ['src/apps/mersenne-tf/kept.ts', '../app.ts'],
    ['src/server/kept.ts', '../core/x.ts'],
    ['src/web/kept.ts', '../client/contributor.ts'],
    ['src/cli/kept.ts', '../server/serve.ts'],
  ])('lets %s import %s', (path, target) => {
    expect(lint(path, `export * from '${target}'\n`)).toEqual([])
  })
})
