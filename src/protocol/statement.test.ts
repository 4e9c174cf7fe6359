import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
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
    const report = {
      seq: 3,
      slices: [[0, 8, 3, new Uint8Array(8)] as [number, number, number, Uint8Array]],
      outputs: [[0, { k: '5' }] as [number, unknown]],
    }
    const texts = [
      report,
      { ...report, seq: 4 },
      { ...report, slices: [] },
      { ...report, slices: [[1, 8, 3, new Uint8Array(8)] as (typeof report.slices)[0]] },
      { ...report, slices: [[0, 0, 3, new Uint8Array(8)] as (typeof report.slices)[0]] },
      { ...report, slices: [[0, 8, 3, new Uint8Array(8).fill(1)] as (typeof report.slices)[0]] },
      { ...report, outputs: [] },
    ].map((one) => Buffer.from(chainLink(head, one)).toString('hex'))
    expect(new Set(texts).size).toBe(texts.length)
  })
})
