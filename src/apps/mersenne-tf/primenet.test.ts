import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WEFT_VERSION } from '../../protocol/version.ts'
import { mersenneTf } from './app.ts'
import { primenet } from './primenet.ts'

const input = { exponent: 29, bitLo: 7, bitHi: 12, blockLog2: 23 }
const outputs = [
  { k: '4', factor: '233' },
  { k: '19', factor: '1103' },
  { k: '36', factor: '2089' },
]
const key = '0123456789ABCDEF0123456789abcdef'
const finishedAt = Date.UTC(2026, 9, 3, 2, 4, 9, 999)
const found = { input, key, outputs, complete: true, finishedAt }
const none = { ...found, key: null, outputs: [] }
const read = (line: string) => JSON.parse(line) as Record<string, unknown>
const sumOf = (text: string) => crc32(text).toString(16).toUpperCase().padStart(8, '0')

test('factors that were found', () => {
  const covered = `29;TF;233,1103,2089;;7;12;1;;;weft;${WEFT_VERSION};mersenne-tf-1;;;;2026-10-03 02:04:09`
  expect(read(primenet(found))).toEqual({
    exponent: 29,
    worktype: 'TF',
    status: 'F',
    bitlo: 7,
    bithi: 12,
    rangecomplete: true,
    factors: ['233', '1103', '2089'],
    program: { name: 'weft', version: WEFT_VERSION, kernel: 'mersenne-tf-1' },
    timestamp: '2026-10-03 02:04:09',
    aid: key,
    checksum: { version: 1, checksum: sumOf(covered) },
  })
})

test('a range without factors has no list of them, and without an assignment no id', () => {
  const covered = `29;TF;;;7;12;1;;;weft;${WEFT_VERSION};mersenne-tf-1;;;;2026-10-03 02:04:09`
  const line = read(primenet(none))
  expect(line).toMatchObject({ status: 'NF', rangecomplete: true })
  expect(line.checksum).toEqual({ version: 1, checksum: sumOf(covered) })
  expect(line).not.toHaveProperty('factors')
  expect(line).not.toHaveProperty('aid')
})

test('a range that was not searched to its end is never said to be complete', () => {
  const stopped = read(primenet({ ...found, complete: false }))
  expect(stopped).toMatchObject({ status: 'F', rangecomplete: false })
  const nothing = read(primenet({ ...none, complete: false }))
  expect(nothing).toMatchObject({ status: 'NF', rangecomplete: false })
  const covered = `29;TF;;;7;12;0;;;weft;${WEFT_VERSION};mersenne-tf-1;;;;2026-10-03 02:04:09`
  expect(nothing.checksum).toEqual({ version: 1, checksum: sumOf(covered) })
})

test('a key that is no assignment id stays out of the line', () => {
  for (const other of ['', 'N/A', 'mine', `${key}0`, key.slice(1), `${key}\n`, 'é'.repeat(32)]) {
    expect(read(primenet({ ...found, key: other }))).not.toHaveProperty('aid')
  }
})

test('the time is told in UTC, to the second that had begun', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) }), (at) => {
      const { timestamp } = read(primenet({ ...found, finishedAt: at }))
      expect(timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
      expect(Date.parse(`${String(timestamp).replace(' ', 'T')}Z`)).toBe(at - (at % 1000))
    }),
  )
})

test('the kernel is named for the app version', () => {
  expect(read(primenet(found)).program).toMatchObject({
    kernel: `${mersenneTf.id}-${mersenneTf.version}`,
  })
})
