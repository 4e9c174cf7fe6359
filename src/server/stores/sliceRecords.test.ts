import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InvalidInputError } from '../../protocol/errors.ts'
import type { SliceReport } from '../../protocol/messages.ts'
import { decodeSliceRecords, encodeSliceRecords } from './sliceRecords.ts'

const number = fc.oneof(fc.maxSafeNat(), fc.nat(300))
const digest = fc.uint8Array({ minLength: 8, maxLength: 8 })
const slices: fc.Arbitrary<SliceReport[]> = fc.array(fc.tuple(number, number, number, digest))

test('slices come back as they went in, whatever numbers they carry', () => {
  fc.assert(
    fc.property(slices, (list) => {
      expect(decodeSliceRecords(encodeSliceRecords(list))).toEqual(list)
    }),
  )
})

test('a cut anywhere but between two slices is noticed', () => {
  fc.assert(
    fc.property(slices, fc.nat(), (list, at) => {
      const whole = encodeSliceRecords(list)
      const cut = whole.subarray(0, at % whole.length)
      const between = list.map((_, n) => encodeSliceRecords(list.slice(0, n)).length)
      if (between.includes(cut.length)) {
        expect(decodeSliceRecords(cut)).toEqual(list.slice(0, between.indexOf(cut.length)))
      } else {
        expect(() => decodeSliceRecords(cut)).toThrow(InvalidInputError)
      }
    }),
  )
})

test('an ordinary slice takes 13 bytes', () => {
  expect(encodeSliceRecords([[3, 4096, 5, new Uint8Array(8)]])).toHaveLength(1 + 12)
  expect(encodeSliceRecords([[3, 40_960, 5, new Uint8Array(8)]])).toHaveLength(1 + 13)
})
