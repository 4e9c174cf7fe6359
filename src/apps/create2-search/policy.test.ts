import { getAddress } from 'viem'
import { expect, test } from 'vitest'
import { InvalidInputError } from '../../protocol/errors.ts'
import type { Input } from './input.ts'
import { KNOWN_ADDRESSES } from './knownAddresses.ts'
import { addressHex, both, leadingZeros, type Pattern } from './pattern.ts'
import { readPolicy } from './policy.ts'
import { nextPractice } from './seed.ts'
import { shareOf } from './shareOf.ts'

const policy = readPolicy('')
const MINE = '0x1234567890abcdef1234567890abcdef12345678'

function asking(target: Pattern): Input {
  return { ...nextPractice(undefined), share: shareOf(target), target }
}

/** The first `first` and the last `last` digits of an address, the others free. */
function ends(address: string, first: number, last: number): Pattern {
  const mask = `0x${'f'.repeat(first)}${'0'.repeat(40 - first - last)}${'f'.repeat(last)}`
  return {
    mask,
    value: addressHex(BigInt(mask) & BigInt(address)),
    zeroBytes: 0,
  }
}

test.each(KNOWN_ADDRESSES)('the address of %s has no typing error', (_name, address) => {
  expect(address).toBe(getAddress(address))
})

test.each(KNOWN_ADDRESSES.filter(([, address]) => !address.startsWith('0x000000')))(
  'what begins or ends like %s is refused by name',
  (name, address) => {
    for (const [first, last] of [
      [4, 0],
      [8, 0],
      [0, 4],
      [4, 4],
    ] as const) {
      const verdict = policy(asking(ends(address, first, last)))
      expect(verdict).toMatchObject({ status: 'refused' })
      expect(verdict).toHaveProperty('reason', expect.stringContaining(name))
    }
  },
)

test('a longer prefix that begins like a protected address, and goes on otherwise, is refused too', () => {
  const [, usdt] = KNOWN_ADDRESSES[0] ?? ['', '']
  const other = `${usdt.slice(0, 8)}${'0'.repeat(34)}`
  expect(policy(asking(ends(other, 8, 0))).status).toBe('refused')
})

test('to leave out one bit or one digit does not help', () => {
  const fixed = (mask: string, like: string): Pattern => ({
    mask,
    value: addressHex(BigInt(mask) & BigInt(like)),
    zeroBytes: 0,
  })
  const [, usdt] = KNOWN_ADDRESSES[0] ?? ['', '']
  const zeros = '0'.repeat(32)
  for (const target of [
    fixed(`0x7fffffff${zeros}`, usdt),
    fixed(`0x0fffffff${zeros}`, usdt),
    fixed(`0xf7ffffff${zeros}`, usdt),
    fixed(`0x7fff${zeros}fffe`, usdt),
    fixed(`0x7fff${zeros}fffe`, MINE),
  ]) {
    expect(policy(asking(target)).status).toBe('refused')
  }
})

test('digits at both ends are refused whatever they are', () => {
  expect(policy(asking(ends(MINE, 4, 4)))).toEqual({
    status: 'refused',
    reason: expect.stringContaining('both ends'),
  })
})

test('what gas savers, hook writers and the vain ask for is allowed', () => {
  const hookBits = { mask: addressHex(0x3fffn), value: addressHex(0x2ac4n), zeroBytes: 0 }
  const coffee = ends('0xc0ffee0000000000000000000000000000000000', 6, 0)
  const wanted = [
    leadingZeros(8),
    { ...leadingZeros(0), zeroBytes: 9 },
    hookBits,
    both(hookBits, leadingZeros(4)),
    both(hookBits, coffee),
    coffee,
    ends(MINE, 0, 6),
  ]
  for (const target of wanted) {
    expect(policy(asking(target ?? hookBits))).toEqual({ status: 'allowed' })
  }
})

test('fewer digits than people compare are allowed', () => {
  const [, usdt] = KNOWN_ADDRESSES[0] ?? ['', '']
  expect(policy(asking(ends(usdt, 3, 3))).status).toBe('allowed')
})

test('an operator protects more addresses', () => {
  const strict = readPolicy(`# ours\n\n${MINE} the treasury # since May\r\n0x${'ab'.repeat(20)}\n`)
  expect(strict(asking(ends(MINE, 4, 0)))).toHaveProperty(
    'reason',
    expect.stringContaining('the treasury'),
  )
  expect(strict(asking(ends(`0x${'ab'.repeat(20)}`, 0, 4))).status).toBe('refused')
  expect(policy(asking(ends(MINE, 4, 0))).status).toBe('allowed')
})

test('a wrong line of the operator is named', () => {
  expect(() => readPolicy(`${MINE}\n0x1234 short`)).toThrow(InvalidInputError)
  expect(() => readPolicy(`${MINE}\n0x1234 short`)).toThrow(/line 2/)
})
