import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'
import { decode, encode } from '@msgpack/msgpack'
import * as v from 'valibot'
import { digestFromBytes, digestToBytes } from '../protocol/digest.ts'
import { InvalidLeaseError } from '../protocol/errors.ts'
import { hostIdSchema, taskIdSchema, workunitIdSchema, type HostId } from '../protocol/ids.ts'
import type { Grant, Lease } from '../core/state.ts'

/** SHA-256 */
const MAC_BYTES = 32
/** A host that was away for long may still report; for ever would mean that no task could ever be forgotten. */
const KEPT_MS = 30 * 24 * 3_600_000

/**
 * The key that tokens are made with, ready to use: given bare bytes, every HMAC would spend 50 us on finding out what
 * they are.
 * @param secret 32 random bytes
 */
export function leaseKey(secret: Uint8Array): KeyObject {
  return createSecretKey(secret)
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** Checked though the MAC vouches for it: a coordinator of an older build may have written it. */
const bodySchema = v.strictTuple([
  taskIdSchema,
  hostIdSchema,
  count,
  v.array(workunitIdSchema),
  v.array(v.strictTuple([count, count, count, count, v.instance(Uint8Array)])),
])

/**
 * A lease as bytes that only this coordinator can make: msgpack `[task, host, expiresAt, workunits, grants]`, each grant
 * `[index of its workunit, start, end, log2, seed]`, then HMAC-SHA-256 over it. Hosts return it with every report, so that
 * a coordinator that forgot the lease (it restarted, or the lease ran out) still knows what was leased to whom.
 */
export function writeLeaseToken(key: KeyObject, lease: Lease): Uint8Array<ArrayBuffer> {
  const workunits = [...new Set(lease.grants.map((grant) => grant.workunit))]
  const indexes = new Map(workunits.map((id, index) => [id, index]))
  const body = encode([
    lease.task,
    lease.host,
    lease.expiresAt,
    workunits,
    lease.grants.map((grant) => [
      indexes.get(grant.workunit),
      grant.start,
      grant.end,
      grant.log2,
      digestToBytes(grant.seed),
    ]),
  ])
  return Buffer.concat([body, mac(key, body)])
}

/**
 * @param key that the token was made with
 * @param at the host of the session that the token came in, and the time, ms since the epoch
 * @throws InvalidLeaseError when the token was not made with this key, or for another host, or its lease ended more than
 * 30 days ago
 */
export function readLeaseToken(
  key: KeyObject,
  token: Uint8Array,
  { host, now }: { host: HostId; now: number },
): Lease {
  const body = token.subarray(0, Math.max(0, token.length - MAC_BYTES))
  const tag = token.subarray(body.length)
  if (tag.length !== MAC_BYTES || !timingSafeEqual(tag, mac(key, body))) {
    throw new InvalidLeaseError('this coordinator did not issue it')
  }
  const parsed = v.safeParse(bodySchema, decode(body))
  if (!parsed.success) throw new InvalidLeaseError('it is from another version')
  const [task, owner, expiresAt, workunits, rows] = parsed.output
  if (owner !== host) throw new InvalidLeaseError('it was issued to another host')
  if (expiresAt + KEPT_MS < now) throw new InvalidLeaseError('its lease ended 30 days ago')
  const grants = rows.map(([index, start, end, log2, seed]): Grant => {
    const workunit = workunits[index]
    if (workunit === undefined) throw new InvalidLeaseError('it names no workunit')
    return { workunit, start, end, log2, seed: digestFromBytes(seed) }
  })
  return { task, host: owner, expiresAt, grants }
}

function mac(key: KeyObject, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(body).digest()
}
