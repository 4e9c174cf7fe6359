import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SliceReport } from './messages.ts'
import { canonicalJson, chainLink } from './statement.ts'

describe('statements', () => {
  it('write one JSON value as one text, whatever the order of its keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe(
      '{"b":[1,{"c":"x","d":null}]}',
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed())
        expect(canonicalJson(reversed)).toBe(canonicalJson(value))
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('link a chain that changes with everything a report says', () => {
    const head = new Uint8Array(32)
    const slice: SliceReport = [0, 8, 3, new Uint8Array(8)]
    const report: Parameters<typeof chainLink>[1] = {
      seq: 3,
      slices: [slice],
      outputs: [[0, { k: '5' }]],
    }
    const otherSlices: SliceReport[] = [
      [1, 8, 3, new Uint8Array(8)],
      [0, 0, 3, new Uint8Array(8)],
      [0, 8, 2, new Uint8Array(8)],
      [0, 8, 3, new Uint8Array(8).fill(1)],
    ]
    const texts = [
      report,
      { ...report, seq: 4 },
      { ...report, slices: [] },
      ...otherSlices.map((other) => ({ ...report, slices: [other] })),
      { ...report, outputs: [] },
    ].map((one) => Buffer.from(chainLink(head, one)).toString('hex'))
    expect(new Set(texts).size).toBe(texts.length)
  })
})
