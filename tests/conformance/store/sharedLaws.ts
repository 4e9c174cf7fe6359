import { describe, expect, test } from 'vitest'
import { AlreadyExistsError, FencedError } from '../../../src/protocol/errors.ts'
import type { Commit, SeenHost, Store } from '../../../src/server/stores/store.ts'
import {
  addSampleHost,
  addSampleWork,
  sampleBatch,
  sampleCommit,
  sampleHostId,
  sampleReport,
  sampleWorkunits,
  sure,
} from './samples.ts'
import type { MakePlace } from './storeTest.ts'

/** What must hold besides while several coordinators have one store open. */
export function sharedLaws(name: string, makePlace: MakePlace): void {
  const law = (sentence: string, body: (one: Store, two: Store) => Promise<void>) =>
    // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- both come with the law that is handed in
    test(sentence, async () => {
      const place = await makePlace()
      // At once, so that they meet over the migrations as well.
      const [one, two] = await Promise.all([place.open(), place.open()])
      try {
        await body(one, two)
      } finally {
        await Promise.all([one.close(), two.close()])
        await place.remove()
      }
    })

  describe(`the ${name} store, opened twice`, () => {
    law('says that it is shared', async (one) => {
      expect(one.shared).toBe(true)
    })

    law('gives both the same secret, whoever asks first', async (one, two) => {
      const [a, b] = await Promise.all([one.secret('lease'), two.secret('lease')])
      expect(a).toEqual(b)
    })

    law('gives no workunit to two who claim at once', async (one, two) => {
      const batch = await addSampleWork(one, 60)
      const claims = Array.from({ length: 12 }, (_, n) =>
        (n % 2 === 0 ? one : two).claim({
          owner: n % 2 === 0 ? 'a' : 'b',
          batch,
          limit: 5,
          now: 0,
          until: 100,
        }),
      )
      const taken = (await Promise.all(claims)).flat().map(({ position }) => position)
      expect(new Set(taken).size).toBe(taken.length)
      const rest = await two.claim({ owner: 'c', batch, limit: 99, now: 0, until: 100 })
      expect(taken.length + rest.length).toBe(60)
    })

    law('leaves to one what the other holds, until its time is over', async (one, two) => {
      const batch = await addSampleWork(one, 2)
      const mine = await one.claim({ owner: 'a', batch, limit: 2, now: 0, until: 100 })
      const wish = { owner: 'b', batch, limit: 2, until: 300 }
      expect(await two.claim({ ...wish, now: 50 })).toEqual([])
      const held = mine.map(({ id }) => id)
      expect(await one.renewClaims('a', 200, held)).toHaveLength(2)
      expect(await two.claim({ ...wish, now: 150 })).toEqual([])
      expect(await two.claim({ ...wish, now: 200 })).toHaveLength(2)
      await expect(one.commit([sampleCommit(sampleReport(1, 0), mine)])).rejects.toThrow(
        FencedError,
      )
      expect(await one.renewClaims('a', 400, held)).toEqual([])
    })

    law('numbers what both write so that nobody who reads on misses any', async (one, two) => {
      const batch = await addSampleWork(one, 8, 1_000)
      await addSampleHost(one, 2)
      const stores = [one, two, one, two]
      let writing = stores.length
      const write = async (store: Store, n: number) => {
        const owner = `writer-${n}`
        const workunits = await store.claim({ owner, batch, limit: 1, now: 0, until: 100 })
        for (let seq = 0; seq < 25; seq++) {
          const last = seq === 24
          const work = { end: last ? 1_000 : seq + 1, final: last, outputs: [`${n}.${seq}`] }
          await store.commit([sampleCommit(sampleReport(n, seq), workunits, work)])
        }
        writing--
      }
      const read = async <Row>(
        list: (after: number | undefined) => Promise<Row[]>,
        numberOf: (row: Row) => number,
      ): Promise<Row[]> => {
        const rows: Row[] = []
        for (;;) {
          const isLast = writing === 0
          const last = rows.at(-1)
          const page = await list(last && numberOf(last))
          rows.push(...page)
          if (isLast && page.length === 0) return rows
        }
      }
      const [reports, results, finished] = await Promise.all([
        read(
          (after) => two.reports({ after, limit: 7 }),
          ({ id }) => id,
        ),
        read(
          (after) => one.results(batch, { after, limit: 7 }),
          ({ id }) => id,
        ),
        read(
          (after) => one.finishedWorkunits(batch, { after, limit: 7 }),
          (workunit) => workunit.finished.no,
        ),
        ...stores.map(write),
      ])
      const rest = { limit: 1_000 }
      expect(reports).toEqual((await one.reports(rest)).slice(0, reports.length))
      expect(results).toEqual((await two.results(batch, rest)).slice(0, results.length))
      expect(finished).toEqual((await two.finishedWorkunits(batch, rest)).slice(0, finished.length))
      expect(finished.map((workunit) => workunit.finished.no)).toEqual([1, 2, 3, 4])
      expect([reports.length, results.length]).toEqual([100, 100])
      expect(await two.totals()).toMatchObject({ reports: 100, results: 100 })
    })

    law('counts once what both add: workunits, hosts', async (one, two) => {
      const { id } = sampleBatch('alpha')
      const outcomes = await Promise.allSettled([
        one.addBatch(sampleBatch('alpha')),
        two.addBatch(sampleBatch('alpha')),
      ])
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: expect.any(AlreadyExistsError),
      })
      await Promise.all(
        [one, two, one, two].map((store, n) => store.addWorkunits(id, n, sampleWorkunits(10))),
      )
      expect(await one.batch(id)).toMatchObject({ workunits: 13, items: 104, credit: 312n })
      await Promise.all([one, two, one, two].map((store, n) => addSampleHost(store, n % 2)))
      expect(await one.totals()).toMatchObject({ hosts: 2 })
    })

    law('lets both report of the same hosts without standing still', async (one, two) => {
      const batch = await addSampleWork(one, 40)
      const hosts = Array.from({ length: 8 }, (_, n): SeenHost => ({
        id: sampleHostId(n + 10),
        key: { algorithm: 'Ed25519', publicKey: new Uint8Array(32).fill(n) },
        seenAt: 0,
      }))
      const work = async (store: Store, owner: string, task: number) => {
        const workunits = await store.claim({ owner, batch, limit: 20, now: 0, until: 100 })
        // Every host is new to one session or another, and each names them in an order of its own.
        const order = owner === 'a' ? hosts : hosts.toReversed()
        for (let round = 0; round < 40; round++) {
          const commits = order.map((host, n): Commit => ({
            ...sampleCommit(
              sampleReport(task + n, round, { host: host.id }),
              workunits.slice(n, n + 1),
            ),
            yields: [{ app: sampleBatch('alpha').app, version: 1, expected: 0.5, found: 1 }],
            host: round === 0 || (n + round) % 2 === 0 ? { ...host, seenAt: round } : undefined,
          }))
          await store.commit(commits)
          const held = workunits.map(({ id }) => id)
          await store.renewClaims(owner, 100 + round, held)
          await store.upsertHost({ ...sure(hosts[0]), seenAt: round })
        }
      }
      await Promise.all([work(one, 'a', 1_000), work(two, 'b', 2_000)])
      expect(await one.totals()).toMatchObject({ reports: 640 })
      for (const { id } of hosts) {
        expect(await two.yields(id)).toMatchObject([{ expected: 40, found: 80 }])
      }
    })
  })
}
