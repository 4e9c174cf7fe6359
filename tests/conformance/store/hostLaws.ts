import { expect } from 'vitest'
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
