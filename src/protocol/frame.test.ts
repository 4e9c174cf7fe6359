import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MalformedFrameError } from './errors.ts'
import { decodeFrame, encodeFrame } from './frame.ts'
import { hostFrameSchema, type OutgoingHostFrame } from './messages.ts'

const report: OutgoingHostFrame = {
  type: 'report',
  token: new Uint8Array([1, 2, 3]),
  seq: 4,
  slices: [[0, 2 ** 40, 3, new Uint8Array(8).fill(7)]],
  outputs: [[0, { k: '1777608657747' }]],
}

describe('frames', () => {
  it('arrive as they were sent', () => {
    expect(decodeFrame(hostFrameSchema, encodeFrame(report))).toEqual(report)
  })

  it('that are not msgpack, or not a frame, are malformed and nothing worse', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeFrame(hostFrameSchema, bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedFrameError)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('cut short anywhere are malformed', () => {
    const bytes = encodeFrame(report)
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeFrame(hostFrameSchema, bytes.subarray(0, length))).toThrow(
        MalformedFrameError,
      )
    }
  })

  it.each([
    ['an unknown type', { type: 'dance' }, 'type'],
    ['a negative sequence number', { ...report, seq: -1 }, 'seq'],
    ['a digest of 7 bytes', { ...report, slices: [[0, 0, 0, new Uint8Array(7)]] }, 'slices.0.3'],
    ['a slice of 2^31 items', { ...report, slices: [[0, 0, 31, new Uint8Array(8)]] }, 'slices.0.2'],
    [
      'too many slices',
      { ...report, slices: Array.from({ length: 257 }, () => [0, 0, 0, new Uint8Array(8)]) },
      'slices',
    ],
  ])('with %s are refused, and the field is named', (_, frame, field) => {
    expect(() => decodeFrame(hostFrameSchema, encode(frame))).toThrow(field)
  })

  it('with a list longer than any frame has are refused before it is built', () => {
    const claimsFourBillion = new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff])
    expect(() => decodeFrame(hostFrameSchema, claimsFourBillion)).toThrow(MalformedFrameError)
  })
})
