import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'
import { MalformedFrameError } from '../protocol/errors.ts'
import { hostIdOf, type HostId } from '../protocol/ids.ts'
import type { HostKey } from '../protocol/messages.ts'

export function hostIdOfKey(key: HostKey): HostId {
  return hostIdOf(createHash('sha256').update(key.publicKey).digest())
}

/**
 * A host's raw public key, ready to verify with.
 * @throws MalformedFrameError when the bytes are no key of the algorithm (wrong length, or a point off the curve)
 */
export function readHostKey({ algorithm, publicKey }: HostKey): KeyObject {
  const bytes = Buffer.from(publicKey)
  try {
    switch (algorithm) {
      case 'Ed25519':
        return createPublicKey({
          format: 'jwk',
          key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') },
        })
      case 'P-256':
        if (bytes.length !== 65 || bytes[0] !== 4) throw new RangeError('not an uncompressed point')
        return createPublicKey({
          format: 'jwk',
          key: {
            kty: 'EC',
            crv: 'P-256',
            x: bytes.subarray(1, 33).toString('base64url'),
            y: bytes.subarray(33).toString('base64url'),
          },
        })
    }
  } catch (cause) {
    throw new MalformedFrameError(`key: not an ${algorithm} public key`, { cause })
  }
}

/** @param signature 64 bytes: Ed25519's own form, or r and s of ECDSA with SHA-256 side by side, as WebCrypto gives them */
export function isSignedBy(key: KeyObject, statement: Uint8Array, signature: Uint8Array): boolean {
  return key.asymmetricKeyType === 'ec'
    ? verify('sha256', statement, { key, dsaEncoding: 'ieee-p1363' }, signature)
    : verify(null, statement, key, signature)
}
