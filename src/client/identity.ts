import { hostIdOf, type HostId } from '../protocol/ids.ts'
import type { HostKey } from '../protocol/messages.ts'

/**
 * A host's key pair as it is kept. In a browser the private key cannot be exported: a script that gets at it may use it, not
 * carry it off. A terminal has only files, so there it can once, when it is new.
 */
export interface KeptIdentity {
  readonly algorithm: HostKey['algorithm']
  /** Raw: 32 bytes for Ed25519, 65 for P-256. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly privateKey: CryptoKey
}

/** Who this host is, and its hand. */
export interface Identity {
  readonly host: HostId
  readonly key: HostKey
  /** @returns 64 bytes: Ed25519, or ECDSA over SHA-256 as raw r and s */
  readonly sign: (statement: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>
}

const SIGNING = {
  Ed25519: { name: 'Ed25519' },
  'P-256': { name: 'ECDSA', hash: 'SHA-256' },
} as const
const CURVE = {
  Ed25519: { name: 'Ed25519' },
  'P-256': { name: 'ECDSA', namedCurve: 'P-256' },
} as const

interface IdentityOptions {
  /** Whether `identityToBytes` will be asked for the private key; it will not unless it is said. */
  readonly extractable?: boolean
  readonly subtle?: Pick<SubtleCrypto, 'generateKey' | 'exportKey'>
}

/** Makes a new key pair: Ed25519, or P-256 where the browser does not have that. */
export async function createIdentity({
  extractable = false,
  subtle = crypto.subtle,
}: IdentityOptions = {}): Promise<KeptIdentity> {
  try {
    return await generate('Ed25519', extractable, subtle)
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'NotSupportedError') throw error
    return generate('P-256', extractable, subtle)
  }
}

async function generate(
  algorithm: HostKey['algorithm'],
  extractable: boolean,
  subtle: Pick<SubtleCrypto, 'generateKey' | 'exportKey'>,
): Promise<KeptIdentity> {
  const pair = await subtle.generateKey(CURVE[algorithm], extractable, ['sign', 'verify'])
  // Both algorithms are asymmetric: a pair is what they give.
  const { publicKey, privateKey } = pair as CryptoKeyPair
  const raw = await subtle.exportKey('raw', publicKey)
  return { algorithm, publicKey: new Uint8Array(raw), privateKey }
}

/** An identity for storage that keeps bytes and no keys. */
export interface IdentityBytes {
  readonly algorithm: HostKey['algorithm']
  /** Raw, as in `KeptIdentity`. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** PKCS #8. */
  readonly privateKey: Uint8Array<ArrayBuffer>
}

/** @throws DOMException `InvalidAccessError` when the identity was not made extractable */
export async function identityToBytes(kept: KeptIdentity): Promise<IdentityBytes> {
  const { algorithm, publicKey, privateKey } = kept
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', privateKey)
  return { algorithm, publicKey, privateKey: new Uint8Array(pkcs8) }
}

/**
 * The identity that these bytes are; its private key cannot be exported again.
 * @throws DOMException `DataError` when they are no private key of this algorithm
 */
export async function identityFromBytes(bytes: IdentityBytes): Promise<KeptIdentity> {
  const { algorithm, publicKey } = bytes
  const curve = CURVE[algorithm]
  const privateKey = await crypto.subtle.importKey('pkcs8', bytes.privateKey, curve, false, [
    'sign',
  ])
  return { algorithm, publicKey, privateKey }
}

export async function identityOf(kept: KeptIdentity): Promise<Identity> {
  const { algorithm, publicKey, privateKey } = kept
  const digest = await crypto.subtle.digest('SHA-256', publicKey)
  return {
    host: hostIdOf(new Uint8Array(digest)),
    key: { algorithm, publicKey },
    async sign(statement) {
      return new Uint8Array(await crypto.subtle.sign(SIGNING[algorithm], privateKey, statement))
    },
  }
}
