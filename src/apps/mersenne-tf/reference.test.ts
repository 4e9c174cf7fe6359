import { expect, test } from 'vitest'
import { hashWords } from '../../protocol/digest.ts'
import { reference } from './reference.ts'

const input = { exponent: 11, bitLo: 4, bitHi: 7, blockLog2: 4 }

test('a digest worked out by hand: the sum over the survivors of the first sixteen k', () => {
  // k = 1, 4, 9, 12, 13 give the primes 23, 89, 199, 265 = 5 * 53 (struck), 287 = 7 * 41 (struck); 5, 8: 111, 177 (struck).
  const residues = [
    [1, 1],
    [4, 1],
    [9, 2 ** 11 % 199],
  ] as const
  const seed = 0x0123456789abcdefn
  const sum = residues.reduce((total, [k, r]) => total + hashWords(seed, [k, 0, r, 0, 0]), 0n)
  expect(reference.runItem(input, 0, seed)).toEqual({
    digest: BigInt.asUintN(64, sum),
    outputs: [
      { k: '1', factor: '23' },
      { k: '4', factor: '89' },
    ],
  })
})

test('hits outside the bit range are hashed but not reported', () => {
  const narrow = { ...input, bitLo: 5 }
  expect(reference.runItem(narrow, 0, 7n)).toEqual({
    digest: reference.runItem(input, 0, 7n).digest,
    outputs: [{ k: '4', factor: '89' }],
  })
})
