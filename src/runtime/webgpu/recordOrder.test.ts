import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordOrder } from './recordOrder.ts'

test('records are in the order of their numbers, little-endian', () => {
  const numbers = fc.array(fc.bigInt(0n, 2n ** 128n - 1n), { maxLength: 20 })
  fc.assert(
    fc.property(numbers, (values) => {
      const sorted = values.map(recordOf).toSorted(recordOrder)
      const expected = values.toSorted((a, b) => (a < b ? -1 : Number(a > b)))
      expect(sorted).toEqual(expected.map(recordOf))
    }),
  )
})

function recordOf(value: bigint): Uint8Array {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt.asUintN(64, value), true)
  view.setBigUint64(8, value >> 64n, true)
  return bytes
}
