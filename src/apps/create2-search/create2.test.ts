import fc from 'fast-check'
import { getAddress, getContractAddress, keccak256 as viemKeccak } from 'viem'
import { expect, test } from 'vitest'
import { addressOf, checksummed, messageOf, nonceOf, saltOf } from './create2.ts'
import { bytesOf, hexOf } from './hex.ts'
import { keccak256 } from './keccak256.ts'
import { EIP_1014, publishedItem } from './testing/known.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

test('Keccak-256 is that of viem for every message of one block', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 135 }), (message) => {
      expect(hexOf(keccak256(message))).toBe(viemKeccak(message))
    }),
  )
  for (const length of [0, 1, 85, 134, 135]) {
    const message = new Uint8Array(length).fill(0xff)
    expect(hexOf(keccak256(message))).toBe(viemKeccak(message))
  }
  expect(() => keccak256(new Uint8Array(136))).toThrow(RangeError)
})

test.each(EIP_1014)('EIP-1014 has $address', (example) => {
  const { input, output } = publishedItem(example)
  expect(input.initCodeHash).toBe(viemKeccak(bytesOf(example.initCode)))
  expect(output.salt).toBe(example.salt)
  expect(checksummed(hexOf(addressOf(messageOf(input, nonceOf(example.salt)))))).toBe(
    example.address,
  )
})

test('addresses are those of viem for any deployer, salt and init code', () => {
  fc.assert(
    fc.property(
      bytes(20),
      bytes(24),
      bytes(32),
      fc.bigInt(0n, 2n ** 64n - 1n),
      (from, prefix, hash, nonce) => {
        const [deployer, saltPrefix, initCodeHash] = [from, prefix, hash].map(hexOf) as [
          `0x${string}`,
          `0x${string}`,
          `0x${string}`,
        ]
        const creation = { deployer, saltPrefix, initCodeHash }
        const salt = saltOf(creation, nonce) as `0x${string}`
        const expected = getContractAddress({
          opcode: 'CREATE2',
          from: deployer,
          salt,
          bytecodeHash: initCodeHash,
        })
        expect(nonceOf(salt)).toBe(nonce)
        expect(checksummed(hexOf(addressOf(messageOf(creation, nonce))))).toBe(expected)
      },
    ),
  )
})

test('the checksum of an address is that of viem', () => {
  fc.assert(
    fc.property(bytes(20), (made) => {
      const address = hexOf(made) as `0x${string}`
      expect(checksummed(address)).toBe(getAddress(address))
    }),
  )
})
