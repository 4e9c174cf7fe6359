import { expect, test } from 'vitest'
import { primenetChecksum } from './primenetChecksum.ts'

/** Two results that the README of mersenne_tf 1.4 publishes (github.com/sallerk/mersenne-tf), with their checksums. */
const program = { name: 'mersenne_tf', version: '1.4' }
const os = { os: 'Windows', architecture: 'x86_64' }
const none = {
  exponent: 9147253,
  bitlo: 62,
  bithi: 63,
  rangecomplete: true,
  program,
  os,
  timestamp: '2026-10-03 22:49:17',
}
const found = {
  exponent: 48205429,
  bitlo: 50,
  bithi: 60,
  rangecomplete: true,
  factors: ['2176310738837111'],
  program,
  os,
  timestamp: '2026-10-03 22:49:11',
}

test('published results have the checksums that they were published with', () => {
  expect(primenetChecksum(none)).toBe('D3C07086')
  expect(primenetChecksum(found)).toBe('024C35F3')
})

test('a checksum changes with everything that it covers', () => {
  const changed = [
    found,
    { ...found, exponent: 48205430 },
    { ...found, factors: [] },
    { ...found, factors: ['504325198199', '2176310738837111'] },
    { ...found, bitlo: 51 },
    { ...found, bithi: 61 },
    { ...found, rangecomplete: false },
    { ...found, program: { ...program, name: 'weft' } },
    { ...found, program: { ...program, version: '1.5' } },
    { ...found, program: { ...program, kernel: 'one' } },
    { ...found, os: { ...os, os: 'Linux' } },
    { ...found, os: { ...os, architecture: 'ARM64' } },
    { ...found, timestamp: '2026-10-03 22:49:12' },
  ].map(primenetChecksum)
  expect(new Set(changed).size).toBe(changed.length)
})
