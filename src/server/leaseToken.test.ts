import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Lease } from '../core/state.ts'
import { InvalidLeaseError } from '../protocol/errors.ts'
import { batchIdOf, hostIdOf, taskIdOf, workunitIdOf } from '../protocol/ids.ts'
import { MAX_GRANTS_PER_TASK } from '../protocol/messages.ts'
import { leaseKey, readLeaseToken, writeLeaseToken } from './leaseToken.ts'

const key = leaseKey(new Uint8Array(32).fill(1))
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const grant = fc.record({
  workunit: fc
    .tuple(bytes(10), fc.nat({ max: 10 ** 14 }))
    .map(([batch, position]) => workunitIdOf(batchIdOf(batch), position)),
  start: fc.maxSafeNat(),
  end: fc.maxSafeNat(),
  log2: fc.nat({ max: 30 }),
  seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
})
const lease: fc.Arbitrary<Lease> = fc.record({
  task: bytes(16).map(taskIdOf),
  host: bytes(32).map(hostIdOf),
  expiresAt: fc.maxSafeNat(),
  grants: fc.array(grant, { maxLength: MAX_GRANTS_PER_TASK }),
})

test('a token says exactly what was leased, and fits into a report', () => {
  fc.assert(
    fc.property(lease, (written) => {
      const token = writeLeaseToken(key, written)
      expect(readLeaseToken(key, token, { host: written.host, now: written.expiresAt })).toEqual(
        written,
      )
      expect(token.length).toBeLessThanOrEqual(32_768)
    }),
  )
})

test('a token with any bit changed, cut short or prolonged is refused', () => {
  fc.assert(
    fc.property(lease, fc.nat(), fc.nat({ max: 7 }), (written, at, bit) => {
      const token = writeLeaseToken(key, written)
      const changed = token.slice()
      changed[at % token.length] = (changed[at % token.length] ?? 0) ^ (1 << bit)
      for (const wrong of [
        changed,
        token.slice(0, at % token.length),
        Buffer.concat([token, Buffer.of(0)]),
      ]) {
        expect(() => readLeaseToken(key, wrong, { host: written.host, now: 0 })).toThrow(
          InvalidLeaseError,
        )
      }
    }),
  )
})

test('a token of another host, or of another coordinator, is refused', () => {
  fc.assert(
    fc.property(lease, bytes(32).map(hostIdOf), (written, other) => {
      fc.pre(other !== written.host)
      const token = writeLeaseToken(key, written)
      expect(() => readLeaseToken(key, token, { host: other, now: 0 })).toThrow(InvalidLeaseError)
      const elsewhere = leaseKey(new Uint8Array(32).fill(2))
      expect(() => readLeaseToken(elsewhere, token, { host: written.host, now: 0 })).toThrow(
        InvalidLeaseError,
      )
    }),
  )
})

test('a token is good for 30 days after its lease, and no longer', () => {
  const days = 24 * 3_600_000
  fc.assert(
    fc.property(lease, (written) => {
      const token = writeLeaseToken(key, written)
      const { host, expiresAt } = written
      expect(readLeaseToken(key, token, { host, now: expiresAt + 30 * days })).toEqual(written)
      fc.pre(expiresAt < 2 ** 52)
      const late = { host, now: expiresAt + 30 * days + 1 }
      expect(() => readLeaseToken(key, token, late)).toThrow(InvalidLeaseError)
    }),
  )
})
