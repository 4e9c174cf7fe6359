import { expect, test } from 'vitest'
import { DEFAULT_DATA_DIR, DEFAULT_SERVER, hintFor } from './hintFor.ts'

test('a hint leads to the same coordinator, in words that a shell reads back, and never shows the token', () => {
  const usual = { server: DEFAULT_SERVER, dataDir: DEFAULT_DATA_DIR, token: 'secret' }
  expect(hintFor(usual)('list')).toBe('npx weft batch list')
  const server = new URL('http://[::1]:8787')
  expect(hintFor({ ...usual, server, dataDir: "my data's" })('list')).toBe(
    `npx weft batch list --server http://[::1]:8787 --data-dir 'my data'\\''s'`,
  )
})
