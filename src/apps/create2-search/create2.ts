import { hexOf, bytesOf } from './hex.ts'
import { NONCE_BYTES, type Input } from './input.ts'
import { keccak256 } from './keccak256.ts'

/** Bytes of what is hashed: 0xff, deployer, salt, hash of the init code. */
export const MESSAGE_BYTES = 85
const SALT_AT = 21
/** Where the nonce lies in it, the highest byte first. */
export const NONCE_AT = SALT_AT + 32 - NONCE_BYTES

type Creation = Pick<Input, 'deployer' | 'initCodeHash' | 'saltPrefix'>

/** What CREATE2 hashes (EIP-1014), for one nonce: 85 bytes. */
export function messageOf(creation: Creation, nonce: bigint): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(MESSAGE_BYTES)
  message[0] = 0xff
  message.set(bytesOf(creation.deployer), 1)
  message.set(bytesOf(creation.saltPrefix), SALT_AT)
  message.set(bytesOf(creation.initCodeHash), SALT_AT + 32)
  setNonce(message, nonce)
  return message
}

export function setNonce(message: Uint8Array<ArrayBuffer>, nonce: bigint): void {
  new DataView(message.buffer, message.byteOffset).setBigUint64(NONCE_AT, nonce)
}

/** @returns 20 bytes */
export function addressOf(message: Uint8Array): Uint8Array<ArrayBuffer> {
  return keccak256(message).subarray(12)
}

/** The salt with this nonce, in hex. */
export function saltOf({ saltPrefix }: Creation, nonce: bigint): string {
  return `${saltPrefix}${nonce.toString(16).padStart(2 * NONCE_BYTES, '0')}`
}

/** @param salt 32 bytes of hex */
export function nonceOf(salt: string): bigint {
  return BigInt(`0x${salt.slice(-2 * NONCE_BYTES)}`)
}

/**
 * An address with its checksum in the case of its letters (EIP-55): a letter is upper-case where the same digit of the hash of the
 * lower-case digits is 8 or more.
 * @param address `0x` and 40 hex digits
 */
export function checksummed(address: string): string {
  const digits = address.slice(2).toLowerCase()
  const hash = hexOf(keccak256(new TextEncoder().encode(digits))).slice(2)
  const cased = Array.from(digits, (digit, i) =>
    Number.parseInt(hash[i] ?? '', 16) >= 8 ? digit.toUpperCase() : digit,
  )
  return `0x${cased.join('')}`
}
