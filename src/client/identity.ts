import { hostIdOf, type HostId } from '../protocol/ids.ts'
import type { HostKey } from '../protocol/messages.ts'

/** A host's key pair as it is kept. The private key cannot be exported: a script that gets at it may use it, not carry it off. */
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

/** Makes a new key pair: Ed25519, or P-256 where the browser does not have that. */
export async function createIdentity(
  subtle: Pick<SubtleCrypto, 'generateKey' | 'exportKey'> = crypto.subtle,
): Promise<KeptIdentity> {
  try {
    return await generate(subtle, 'Ed25519')
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'NotSupportedError') throw error
    return generate(subtle, 'P-256')
  }
}

async function generate(
  subtle: Pick<SubtleCrypto, 'generateKey' | 'exportKey'>,
  algorithm: HostKey['algorithm'],
): Promise<KeptIdentity> {
  const pair = await subtle.generateKey(CURVE[algorithm], false, ['sign', 'verify'])
  // Both algorithms are asymmetric: a pair is what they give.
  const { publicKey, privateKey } = pair as CryptoKeyPair
  const raw = await subtle.exportKey('raw', publicKey)
  return { algorithm, publicKey: new Uint8Array(raw), privateKey }
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
