import { expect, test } from 'vitest'
import { isLoopback, namesLoopback } from './loopback.ts'

test.each(['localhost', '127.0.0.1', '127.8.8.8', '::1'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true)
})

test.each(['0.0.0.0', '::', '192.168.0.2', '127.0.0.1.example', 'localhost.example'])(
  '%s is more than this machine',
  (host) => {
    expect(isLoopback(host)).toBe(false)
  },
)

test.each(['localhost:8787', '127.0.0.1', '[::1]:8787', 'a.localhost:80', 'LOCALHOST'])(
  'the Host header %s names this machine',
  (header) => {
    expect(namesLoopback(header)).toBe(true)
  },
)

test.each([
  undefined,
  '',
  'rebound.example',
  '127.0.0.1.example',
  'localhost@evil.example',
  'evil.example#localhost',
])('the Host header %s does not', (header) => {
  expect(namesLoopback(header)).toBe(false)
})
