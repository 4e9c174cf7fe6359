import { expect } from 'vitest'
import { FencedError, NotFoundError, ReportOrderError } from '../../../src/protocol/errors.ts'
import type { Commit, Yield } from '../../../src/server/stores/store.ts'
import {
  addSampleHost,
  addSampleWork,
  sampleBatch,
  sampleCommit,
  sampleHostId,
  sampleReport,
} from './samples.ts'
import { lawsOn, type MakePlace } from './storeTest.ts'

const { app } = sampleBatch('alpha')
const host = sampleHostId(1)

/** Sums of these are exact, in whatever order they are added. */
const sampleYield = (expected: number, found: number, version = 1): Yield => ({
  app,
  version,
  expected,
  found,
})

const yielding = (commit: Commit, ...yields: Yield[]): Commit => ({ ...commit, yields })

export function yieldLaws(makePlace: MakePlace): void {
  const law = lawsOn(makePlace)

  law(
    'what was expected and found is summed, a host and an app version at a time',
    async (store, reopen) => {
      await addSampleWork(store, 1)
      const other = await addSampleHost(store, 2)
      expect(await store.yields(host)).toEqual([])
      const [one, two] = [sampleReport(1, 0), sampleReport(1, 1)]
      await store.commit([
        yielding(sampleCommit(one), sampleYield(0.25, 0, 2), sampleYield(3.5, 4)),
      ])
      await store.commit([yielding(sampleCommit(two), sampleYield(0.125, 1))])
      const third = sampleReport(2, 0, { host: other })
      await store.commit([yielding(sampleCommit(third), sampleYield(8, 7))])
      const again = await reopen()
      expect(await again.yields(host)).toEqual([sampleYield(3.625, 5), sampleYield(0.25, 0, 2)])
      expect(await again.yields(other)).toEqual([sampleYield(8, 7)])
      expect(await again.yields(sampleHostId(3))).toEqual([])
    },
  )

  law('two commits of one group add up', async (store) => {
    await addSampleWork(store, 1)
    const other = await addSampleHost(store, 2)
    await store.commit([
      yielding(sampleCommit(sampleReport(1, 0)), sampleYield(1.5, 1)),
      yielding(sampleCommit(sampleReport(2, 0, { host: other })), sampleYield(4, 4)),
      yielding(sampleCommit(sampleReport(1, 1)), sampleYield(2.25, 3)),
    ])
    expect(await store.yields(host)).toEqual([sampleYield(3.75, 4)])
    expect(await store.yields(other)).toEqual([sampleYield(4, 4)])
  })

  law('a commit without any leaves them as they are', async (store) => {
    await addSampleWork(store, 1)
    await store.commit([yielding(sampleCommit(sampleReport(1, 0)), sampleYield(1, 1))])
    await store.commit([sampleCommit(sampleReport(1, 1))])
    await store.commit([yielding(sampleCommit(sampleReport(1, 2)))])
    expect(await store.yields(host)).toEqual([sampleYield(1, 1)])
  })

  law('a host that comes with its first report has what is expected of it', async (store) => {
    const key = { algorithm: 'Ed25519' as const, publicKey: new Uint8Array(32) }
    const id = sampleHostId(9)
    const first = sampleCommit(sampleReport(1, 0, { host: id }))
    await store.commit([{ ...yielding(first, sampleYield(2, 1)), host: { id, key, seenAt: 1 } }])
    expect(await store.yields(id)).toEqual([sampleYield(2, 1)])
  })

  law(
    'a replayed, a fenced and a failed commit add nothing, and none of their group does',
    async (store) => {
      const batch = await addSampleWork(store, 1)
      const claim = { owner: 'a', batch, limit: 1 }
      const old = await store.claim({ ...claim, now: 0, until: 1 })
      await store.claim({ ...claim, owner: 'b', now: 1, until: 2 })
      const good = yielding(sampleCommit(sampleReport(1, 0)), sampleYield(1, 1))
      await store.commit([good])
      const next = yielding(sampleCommit(sampleReport(1, 1)), sampleYield(16, 16))
      const stranger = sampleReport(3, 0, { host: sampleHostId(7) })
      const wrong: readonly (readonly [Commit, new (...of: never[]) => Error])[] = [
        [good, ReportOrderError],
        [yielding(sampleCommit(sampleReport(2, 0), old), sampleYield(32, 1)), FencedError],
        [yielding(sampleCommit(stranger), sampleYield(64, 1)), NotFoundError],
      ]
      for (const [bad, error] of wrong) {
        await expect(store.commit([bad])).rejects.toThrow(error)
        await expect(store.commit([next, bad])).rejects.toThrow(error)
        await expect(store.commit([bad, next])).rejects.toThrow(error)
      }
      expect(await store.yields(host)).toEqual([sampleYield(1, 1)])
      expect(await store.yields(sampleHostId(7))).toEqual([])
    },
  )
}
