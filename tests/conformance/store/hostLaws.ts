import { expect } from 'vitest'
import { NotFoundError } from '../../../src/protocol/errors.ts'
import type { StoredHost } from '../../../src/server/stores/store.ts'
import {
  addSampleHost,
  addSampleWork,
  sampleCommit,
  sampleHostId,
  sampleReport,
  sure,
} from './samples.ts'
import { lawsOn, type MakePlace } from './storeTest.ts'

const rankOf = (host: StoredHost) => ({
  credit: host.creditReported + host.creditFinal,
  id: host.id,
})

export function hostLaws(makePlace: MakePlace): void {
  const law = lawsOn(makePlace)

  law('a host is remembered with its key and begins with nothing', async (store, reopen) => {
    const id = sampleHostId(5)
    const key = { algorithm: 'P-256', publicKey: new Uint8Array(65).fill(4) } as const
    const host = {
      id,
      key,
      firstSeenAt: 10,
      lastSeenAt: 10,
      creditReported: 0n,
      creditFinal: 0n,
      slices: 0,
      items: 0,
    }
    expect(await store.upsertHost({ id, key, seenAt: 10 })).toEqual(host)
    const again = await reopen()
    expect(await again.host(id)).toEqual(host)
    expect(await again.host(sampleHostId(6))).toBeUndefined()
  })

  law('a host that comes back keeps its credit and its first day', async (store) => {
    await addSampleWork(store, 1)
    await store.commit([sampleCommit(sampleReport(1, 0))])
    await addSampleHost(store, 1, 7_000)
    const host = await store.host(sampleHostId(1))
    expect(host).toMatchObject({ firstSeenAt: 1_000, lastSeenAt: 7_000, creditReported: 12n })
    expect(await store.totals()).toMatchObject({ hosts: 1 })
  })

  law('a clock that went back does not move the last visit back', async (store) => {
    await addSampleHost(store, 1, 7_000)
    await addSampleHost(store, 1, 6_000)
    expect(await store.host(sampleHostId(1))).toMatchObject({ lastSeenAt: 7_000 })
  })

  law('a commit brings its host along: remembered if it holds, forgotten if not', async (store) => {
    const [id, other] = [sampleHostId(7), sampleHostId(8)]
    const host = {
      id,
      key: { algorithm: 'Ed25519', publicKey: new Uint8Array(32) },
      seenAt: 9,
    } as const
    const commit = { ...sampleCommit(sampleReport(1, 0, { host: id })), host }
    const stranger = sampleCommit(sampleReport(2, 0, { host: other }))
    await expect(store.commit([commit, stranger])).rejects.toThrow(NotFoundError)
    expect(await store.host(id)).toBeUndefined()
    expect(await store.totals()).toMatchObject({ hosts: 0, reports: 0 })

    const next = {
      ...sampleCommit(sampleReport(1, 1, { host: id })),
      host: { ...host, seenAt: 11 },
    }
    await store.commit([commit, next])
    expect(await store.host(id)).toMatchObject({
      key: host.key,
      firstSeenAt: 9,
      lastSeenAt: 11,
      creditReported: 24n,
    })
    expect(await store.totals()).toMatchObject({ hosts: 1, reports: 2 })
  })

  law('counters of items stop where they are exact, and can be read ever after', async (store) => {
    const host = await addSampleHost(store, 1)
    const acceptedItems = Number.MAX_SAFE_INTEGER - 1
    for (const task of [1, 2, 3]) {
      await store.commit([sampleCommit(sampleReport(task, 0, { host, acceptedItems }))])
    }
    const stopped = { items: Number.MAX_SAFE_INTEGER }
    expect(await store.host(host)).toMatchObject(stopped)
    expect(await store.hosts({ limit: 9 })).toMatchObject([stopped])
    expect(await store.totals()).toMatchObject(stopped)
  })

  law('hosts are ranked by all their credit, equals by id, page by page', async (store) => {
    const credits = [0n, 7n, 2n ** 60n, 7n, 7n, 2n ** 60n + 1n, 0n]
    for (const [n, credit] of credits.entries()) {
      const host = await addSampleHost(store, n)
      const [creditReported, creditFinal] = n % 2 === 0 ? [credit, 0n] : [credit - 1n, 1n]
      await store.commit([sampleCommit(sampleReport(n, 0, { host, creditReported, creditFinal }))])
    }
    const all = (await store.hosts({ limit: 100 })).map(rankOf)
    const expected = credits
      .map((credit, n) => ({ credit, id: sampleHostId(n) }))
      .toSorted((a, b) => Number(b.credit - a.credit) || (a.id < b.id ? -1 : 1))
    expect(all).toEqual(expected)

    const paged: typeof all = []
    for (let pages = 0; pages < credits.length; pages++) {
      const page = await store.hosts({ limit: 2, after: paged.at(-1) })
      paged.push(...page.map(rankOf))
    }
    expect(paged).toEqual(expected)
  })

  law('a host that earns between two pages does not disturb the second', async (store) => {
    for (const n of [1, 2, 3]) {
      const host = await addSampleHost(store, n)
      const creditFinal = BigInt(10 * n)
      await store.commit([sampleCommit(sampleReport(n, 0, { host, creditFinal }))])
    }
    const [best, second] = await store.hosts({ limit: 2 })
    await store.commit([
      sampleCommit(sampleReport(9, 0, { host: sure(second).id, creditReported: 1_000n })),
    ])
    const rest = await store.hosts({ limit: 9, after: rankOf(sure(second)) })
    expect(sure(best).id).toBe(sampleHostId(3))
    expect(rest.map(({ id }) => id)).toEqual([sampleHostId(1)])
  })
}
