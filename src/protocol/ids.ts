import * as v from 'valibot'

/**
 * Ids are strings that know what they name: a `TaskId` is not a `WorkunitId`, though both travel as text.
 * They are minted here only; at every border they are parsed with the schemas below.
 */

/** 16 bytes as base64url. */
const opaque = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{22}$/, 'expected 22 base64url characters'),
)

/** Names one host: the first 16 bytes of the SHA-256 of its public key, base64url. */
export const hostIdSchema = v.pipe(opaque, v.brand('HostId'))
export type HostId = v.InferOutput<typeof hostIdSchema>

/** Names one task (one lease of some slices to one host): 16 random bytes, base64url. */
export const taskIdSchema = v.pipe(opaque, v.brand('TaskId'))
export type TaskId = v.InferOutput<typeof taskIdSchema>

/** Names one batch: a lower-case word, such as `practice-mersenne-tf-1` or `b3k9x0q2m7`. */
export const batchIdSchema = v.pipe(
  v.string(),
  v.regex(
    /^[a-z][a-z0-9-]{2,62}$/,
    'expected a batch id: 3 to 63 of a-z, 0-9 and -, a letter first',
  ),
  v.brand('BatchId'),
)
export type BatchId = v.InferOutput<typeof batchIdSchema>

/** Names one workunit: its batch and its position there, `b3k9x0q2m7.17`. */
export const workunitIdSchema = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]{2,62}\.(0|[1-9][0-9]{0,14})$/, 'expected a workunit id: batch.position'),
  v.brand('WorkunitId'),
)
export type WorkunitId = v.InferOutput<typeof workunitIdSchema>

/** Names one app, such as `mersenne-tf`. */
export const appIdSchema = v.pipe(
  v.string(),
  v.regex(
    /^[a-z][a-z0-9-]{1,31}$/,
    'expected an app id: 2 to 32 of a-z, 0-9 and -, a letter first',
  ),
  v.brand('AppId'),
)
export type AppId = v.InferOutput<typeof appIdSchema>

/** Names one kernel: the SHA-256 of its bytes, 64 lower-case hex digits. */
export const kernelHashSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits'),
  v.brand('KernelHash'),
)
export type KernelHash = v.InferOutput<typeof kernelHashSchema>

/** @param keyDigest SHA-256 of the host's raw public key, 32 bytes */
export function hostIdOf(keyDigest: Uint8Array): HostId {
  return v.parse(hostIdSchema, base64url(keyDigest.subarray(0, 16)))
}

/** @param random 16 random bytes */
export function taskIdOf(random: Uint8Array): TaskId {
  return v.parse(taskIdSchema, base64url(random.subarray(0, 16)))
}

/** @param random at least 10 random bytes */
export function batchIdOf(random: Uint8Array): BatchId {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
  const word = Array.from(random.subarray(0, 10), (byte) => letters[byte & 31]).join('')
  return v.parse(batchIdSchema, `b${word}`)
}

/** @param position 0-based place of the workunit in its batch */
export function workunitIdOf(batch: BatchId, position: number): WorkunitId {
  return v.parse(workunitIdSchema, `${batch}.${position}`)
}

/** @param digest SHA-256 of the kernel's bytes, 32 bytes */
export function kernelHashOf(digest: Uint8Array): KernelHash {
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return v.parse(kernelHashSchema, hex)
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function base64url(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.subarray(i, i + 3)
    text += BASE64URL.charAt(a >> 2) + BASE64URL.charAt(((a & 3) << 4) | ((b ?? 0) >> 4))
    if (b !== undefined) text += BASE64URL.charAt(((b & 15) << 2) | ((c ?? 0) >> 6))
    if (c !== undefined) text += BASE64URL.charAt(c & 63)
  }
  return text
}
