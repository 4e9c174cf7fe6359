import { expect, test } from 'vitest'
import { createIdentity, identityFromBytes, identityOf, identityToBytes } from './identity.ts'
import { isSigned } from './testing/testCoordinator.node.ts'

const withoutEd25519 = {
  exportKey: crypto.subtle.exportKey.bind(crypto.subtle),
  generateKey: ((algorithm: { name: string }, ...rest: [boolean, KeyUsage[]]) => {
    if (algorithm.name === 'Ed25519') throw new DOMException('', 'NotSupportedError')
    return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, ...rest)
  }) as SubtleCrypto['generateKey'],
}
const statement = new TextEncoder().encode('a statement')

test('a new host signs with Ed25519, and its private key cannot be exported', async () => {
  const kept = await createIdentity()
  const { key, sign } = await identityOf(kept)
  expect(key).toMatchObject({ algorithm: 'Ed25519' })
  expect(key.publicKey).toHaveLength(32)
  const signature = await sign(statement)
  expect(signature).toHaveLength(64)
  expect(await isSigned(key, statement, signature)).toBe(true)
  expect(await isSigned(key, new TextEncoder().encode('another'), signature)).toBe(false)
  await expect(crypto.subtle.exportKey('pkcs8', kept.privateKey)).rejects.toMatchObject({
    name: 'InvalidAccessError',
  })
})

test('where a browser lacks Ed25519 it signs with P-256', async () => {
  const kept = await createIdentity({ subtle: withoutEd25519 })
  const { key, sign } = await identityOf(kept)
  expect(key).toMatchObject({ algorithm: 'P-256' })
  expect(key.publicKey).toHaveLength(65)
  const signature = await sign(statement)
  expect(signature).toHaveLength(64)
  expect(await isSigned(key, statement, signature)).toBe(true)
})

test('a host keeps its id as long as its key is kept', async () => {
  const kept = await createIdentity()
  expect((await identityOf(kept)).host).toBe((await identityOf(structuredClone(kept))).host)
  expect((await identityOf(kept)).host).not.toBe((await identityOf(await createIdentity())).host)
})

test.each([
  ['Ed25519', crypto.subtle],
  ['P-256', withoutEd25519],
])('%s: bytes bring back the same host, whose key cannot be exported again', async (_, subtle) => {
  const made = await createIdentity({ extractable: true, subtle })
  const read = await identityFromBytes(structuredClone(await identityToBytes(made)))
  const { host, key, sign } = await identityOf(read)
  expect(host).toBe((await identityOf(made)).host)
  expect(await isSigned(key, statement, await sign(statement))).toBe(true)
  await expect(identityToBytes(read)).rejects.toMatchObject({ name: 'InvalidAccessError' })
})
