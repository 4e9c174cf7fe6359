import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { WEFT_VERSION } from './version.ts'

test('the program has the version of its package', () => {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'))
  expect(read('package.json')).toMatchObject({ version: WEFT_VERSION })
  expect(read('package-lock.json')).toMatchObject({ version: WEFT_VERSION })
})
