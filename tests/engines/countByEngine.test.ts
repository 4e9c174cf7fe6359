import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { countByEngine, ENGINES } from './countByEngine.ts'

const passed = { status: 'passed' }
const all = (tests: readonly { status: string }[]) =>
  ENGINES.map(({ file }) => ({ name: `/somewhere/${file}`, tests }))
const sound = (files: Parameters<typeof countByEngine>[0]) =>
  countByEngine(files).map((count) => count.sound)

test('an engine is sound when all its tests passed', () => {
  expect(sound(all([passed, passed]))).toEqual([true, true, true, true])
  expect(countByEngine(all([passed, passed]))[0]).toMatchObject({ passed: 2, failed: 0 })
})

test('an engine without a test, or without its file, is not', () => {
  expect(sound(all([]))).toEqual([false, false, false, false])
  expect(sound(all([passed]).slice(1))).toEqual([false, true, true, true])
})

test('neither is one with a test that failed or was left out', () => {
  expect(sound(all([passed, { status: 'failed' }]))).not.toContain(true)
  expect(sound(all([passed, { status: 'pending' }]))).not.toContain(true)
})

test('the files that are counted are there', () => {
  const folder = join(import.meta.dirname, '../conformance/kernel')
  for (const { file } of ENGINES) expect(existsSync(join(folder, file))).toBe(true)
})
