import { expect, test } from 'vitest'
import type { Input } from './input.ts'
import { reference } from './reference.ts'
import { nextPractice } from './seed.ts'
import { verifier } from './verifier.ts'

/** One in 256 addresses: some in every item. */
const input: Input = {
  ...nextPractice(undefined),
  blockLog2: 10,
  items: 4,
  firstBlock: '5',
  share: { mask: `0xff${'00'.repeat(19)}`, value: `0x${'00'.repeat(20)}`, zeroBytes: 0 },
}
const { outputs } = reference.runItem(input, 2, 0n)
const range = { start: 2, end: 3 }
const [found = { salt: '', address: '' }] = outputs

test('what the reference finds holds', () => {
  expect(outputs.length).toBeGreaterThan(0)
  for (const output of outputs) {
    expect(verifier.check(input, range, output)).toEqual({ status: 'holds' })
  }
})

test.each([
  [
    'another salt',
    { ...found, salt: `${found.salt.slice(0, -1)}${found.salt.endsWith('0') ? '1' : '0'}` },
    'gives',
  ],
  ['another address', { ...found, address: `0x00${'11'.repeat(19)}` }, 'gives'],
  [
    'a salt of somebody else',
    { ...found, salt: `0x01${found.salt.slice(4)}` },
    'does not begin with',
  ],
])('a forged output with %s fails', (_what, output, reason) => {
  expect(verifier.check(input, range, output)).toEqual({
    status: 'fails',
    reason: expect.stringContaining(reason),
  })
})

test('an honest output fails in any other slice, and under a pattern that it does not match', () => {
  for (const other of [
    { start: 0, end: 2 },
    { start: 3, end: 4 },
  ]) {
    expect(verifier.check(input, other, found)).toHaveProperty(
      'reason',
      expect.stringContaining('belongs to item 2'),
    )
  }
  const share = { ...input.share, zeroBytes: 20 }
  expect(verifier.check({ ...input, share }, range, found)).toHaveProperty(
    'reason',
    expect.stringContaining('was not asked for'),
  )
})
