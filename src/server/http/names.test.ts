import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { isLoopback, namesOf } from './names.ts'

async function namesAt(address: string, publicNames: string[] = []) {
  const server = createServer()
  server.listen(0, address)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return namesOf(server, publicNames)
}

test.each([
  '127.0.0.1',
  '127.8.8.8',
  '::1',
  '0:0:0:0:0:0:0:1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
])('%s is this machine', (address) => {
  expect(isLoopback(address)).toBe(true)
})

test.each(['0.0.0.0', '::', '192.168.0.2', '::ffff:10.0.0.1', '127.0.0.1.example', 'localhost'])(
  '%s is more than this machine, or no address',
  (address) => {
    expect(isLoopback(address)).toBe(false)
  },
)

test('on loopback, names of this machine are answered, however the address was spelled', async () => {
  for (const spelling of ['127.0.0.1', '127.1', '0x7f.1', 'LOCALHOST']) {
    const names = await namesAt(spelling)
    for (const host of [
      'localhost:8787',
      '127.0.0.1',
      '[::1]:8787',
      'a.localhost:80',
      'LOCALHOST',
    ]) {
      expect(names.answersTo(host), `${host} at ${spelling}`).toBe(true)
    }
    for (const host of [
      undefined,
      '',
      'rebound.example',
      '127.0.0.1.example',
      'localhost@evil.example',
      'evil.example#localhost',
      'evil@localhost',
    ]) {
      expect(names.answersTo(host), `${host} at ${spelling}`).toBe(false)
    }
  }
})

test('open to other machines, any name is answered until there are public ones', async () => {
  const any = await namesAt('0.0.0.0')
  expect(any.answersTo('rebound.example')).toBe(true)
  const some = await namesAt('0.0.0.0', ['weft.example'])
  expect(some.answersTo('weft.example')).toBe(true)
  expect(some.answersTo('WEFT.example:443')).toBe(true)
  expect(some.answersTo('rebound.example')).toBe(false)
  expect(some.answersTo('10.0.0.1')).toBe(false)
})

test('a page may open a session from the very host it names, or from a public name', async () => {
  const names = await namesAt('127.0.0.1', ['weft.example'])
  expect(names.admits('http://localhost:8787', 'localhost:8787')).toBe(true)
  expect(names.admits('http://localhost:3000', 'localhost:8787')).toBe(false)
  // Behind a proxy that speaks TLS, the Host header may be the proxy's own.
  expect(names.admits('https://weft.example', '127.0.0.1:8787')).toBe(true)
  expect(names.admits('https://weft.example.evil.example', '127.0.0.1:8787')).toBe(false)
  expect(names.admits('https://elsewhere.example', 'weft.example')).toBe(false)
  expect(names.admits('null', '127.0.0.1:8787')).toBe(false)
})
