import { expect, test } from 'vitest'
import { clientAddress } from './clientAddress.ts'

const from = (remoteAddress: string, forwarded?: string) => ({
  socket: { remoteAddress },
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
])('%s counts as %s', (address, counted) => {
  expect(clientAddress(from(address), 'off')).toBe(counted)
})

test('what a client says of itself is believed of a trusted proxy only, and only the last hop', () => {
  expect(clientAddress(from('127.0.0.1', '198.51.100.1'), 'off')).toBe('127.0.0.1')
  expect(clientAddress(from('203.0.113.7', '198.51.100.1'), 'loopback')).toBe('203.0.113.7')
  expect(clientAddress(from('127.0.0.1', '9.9.9.9, 198.51.100.1'), 'loopback')).toBe('198.51.100.1')
  expect(clientAddress(from('::1', '2001:db8:1:2::9'), 'loopback')).toBe('2001:db8:1:2')
  expect(clientAddress(from('127.0.0.1', 'nonsense'), 'loopback')).toBe('127.0.0.1')
  expect(clientAddress(from('127.0.0.1'), 'loopback')).toBe('127.0.0.1')
})
