import { expect, test } from 'vitest'
import { KernelFailedError } from '../../protocol/errors.ts'
import { HEADER_BYTES, readResult, RECORD_ROOM, resultBytes } from './result.ts'

const asked = { nonce: 0x80000001, rounds: 3, units: 40, recordBytes: 8 }
/** Sentinel, units, announced, performed, digest low and high, records, failure. */
const good = [0x80000003, 40, 9, 9, 2, 1, 0, 0]

function resultOf(words: readonly number[], records: readonly number[] = []) {
  const bytes = new ArrayBuffer(resultBytes(8))
  new Uint32Array(bytes).set(words)
  new Uint32Array(bytes, HEADER_BYTES).set(records)
  return bytes
}

test('a result that says that all was done gives its digest and its records', () => {
  const words = good.with(6, 2)
  expect(readResult('test', resultOf(words, [7, 0, 8, 1]), asked)).toEqual({
    status: 'done',
    digest: 0x1_0000_0002n,
    outputs: [new Uint8Array([7, 0, 0, 0, 0, 0, 0, 0]), new Uint8Array([8, 0, 0, 0, 1, 0, 0, 0])],
  })
})

test.each([
  [
    'zeros and nothing else',
    [0, 0, 0, 0, 0, 0, 0, 0],
    'sentinel 0, not 2147483651, units 0, not 40',
  ],
  ['the sentinel of another submission', good.with(0, 0x80000005), 'sentinel 2147483653'],
  ['fewer units than were asked for', good.with(1, 39), 'units 39, not 40'],
  ['less work than was found', good.with(3, 8), 'work done 8, not 9'],
  ['a failure', good.with(7, 4), 'failure 4, not 0'],
])('%s: the kernel failed, with the numbers', (_, words, numbers) => {
  const reading = () => readResult('test', resultOf(words), asked)
  expect(reading).toThrow(KernelFailedError)
  expect(reading).toThrow(numbers)
})

test('as many records as there is room for are read; one more is too many', () => {
  const full = readResult('test', resultOf(good.with(6, RECORD_ROOM)), asked)
  expect(full.status === 'done' && full.outputs.length).toBe(RECORD_ROOM)
  const more = readResult('test', resultOf(good.with(6, RECORD_ROOM + 1)), asked)
  expect(more).toEqual({ status: 'crowded', records: RECORD_ROOM + 1 })
})
