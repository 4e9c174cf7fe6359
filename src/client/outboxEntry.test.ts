import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeFrame, encodeFrame } from '../protocol/frame.ts'
import { taskIdOf } from '../protocol/ids.ts'
import { hostFrameSchema, MAX_OUTPUTS_PER_REPORT } from '../protocol/messages.ts'
import { createIdentity, identityOf } from './identity.ts'
import {
  composeReport,
  fitsAlone,
  MOST_FRAME_BYTES,
  newEntry,
  type OutboxSlice,
} from './outboxEntry.ts'

const identity = await identityOf(await createIdentity())
const start = 2 ** 50
const digest = new Uint8Array(8)

/** What one slice found: so many outputs of so many characters each. */
const outputs = fc
  .record({ count: fc.nat(MAX_OUTPUTS_PER_REPORT + 20), length: fc.nat(400) })
  .map(({ count, length }) => Array.from({ length: count }, () => ({ k: '7'.repeat(length) })))

test('every report that is composed can be sent, seal included, and no slice is lost on the way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(outputs, { minLength: 1, maxLength: 40 }),
      fc.nat(30_000),
      async (found, tokenBytes) => {
        const token = new Uint8Array(randomBytes(tokenBytes))
        const entry = newEntry(taskIdOf(randomBytes(16)), token, new Uint8Array(32))
        entry.ended = true
        const slices = found
          .map((some, i): OutboxSlice => ({ slice: [255, start + i, 0, digest], outputs: some }))
          .filter((slice) => fitsAlone(slice, token))
        entry.finished = [...slices]
        const sent: number[] = []
        while (entry.inFlight?.seal === undefined) {
          await composeReport(entry, identity)
          const frame = encodeFrame(entry.inFlight ?? {})
          expect(frame.length).toBeLessThanOrEqual(MOST_FRAME_BYTES)
          decodeFrame(hostFrameSchema, frame)
          sent.push(...(entry.inFlight?.slices.map(([, at]) => at) ?? []))
        }
        expect(sent).toEqual(slices.map(({ slice }) => slice[1]))
      },
    ),
    { numRuns: 40 },
  )
})

test('a slice fits by itself up to the most outputs, and up to the most bytes', () => {
  const token = new Uint8Array(1_000)
  const many = (count: number, bytes: number): OutboxSlice => ({
    slice: [0, 0, 0, digest],
    outputs: Array.from({ length: count }, () => 'x'.repeat(bytes)),
  })
  expect(fitsAlone(many(MAX_OUTPUTS_PER_REPORT, 1), token)).toBe(true)
  expect(fitsAlone(many(MAX_OUTPUTS_PER_REPORT + 1, 1), token)).toBe(false)
  expect(fitsAlone(many(3, 15_900), token)).toBe(true)
  expect(fitsAlone(many(4, 15_900), token)).toBe(false)
})
