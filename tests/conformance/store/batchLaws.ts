import { expect } from 'vitest'
import { AlreadyExistsError, NotFoundError } from '../../../src/protocol/errors.ts'
import { workunitIdOf } from '../../../src/protocol/ids.ts'
import { BatchTooLargeError } from '../../../src/server/stores/errors.ts'
import {
  addSampleHost,
  addSampleWork,
  everything,
  sampleBatch,
  sampleBatchId,
  sampleCommit,
  sampleReport,
  sampleWorkunits,
} from './samples.ts'
import { lawsOn, type MakePlace } from './storeTest.ts'

export function batchLaws(makePlace: MakePlace): void {
  const law = lawsOn(makePlace)

  law('secrets differ by name, stay the same, and survive reopening', async (store, reopen) => {
    const lease = await store.secret('lease')
    const other = await store.secret('other')
    expect(lease).toHaveLength(32)
    expect(other).not.toEqual(lease)
    expect(await store.secret('lease')).toEqual(lease)
    const again = await reopen()
    expect(await again.secret('lease')).toEqual(lease)
    expect(await again.secret('other')).toEqual(other)
  })

  law('a batch comes back as it was added, open and empty', async (store, reopen) => {
    const batch = sampleBatch('alpha', 1_763_000_000_123)
    await store.addBatch(batch)
    const stored = {
      ...batch,
      state: 'open',
      workunits: 0,
      finished: 0,
      items: 0,
      itemsReported: 0,
      itemsFinal: 0,
      credit: 0n,
      creditReported: 0n,
      creditFinal: 0n,
      results: 0,
    }
    expect(await store.batch(batch.id)).toEqual(stored)
    expect(await (await reopen()).batch(batch.id)).toEqual(stored)
    expect(await (await reopen()).batch(sampleBatchId('unheard-of'))).toBeUndefined()
  })

  law('a second batch of the same id is refused and the first stays as it is', async (store) => {
    await store.addBatch(sampleBatch('alpha', 1))
    await expect(store.addBatch(sampleBatch('alpha', 2))).rejects.toThrow(AlreadyExistsError)
    expect(await store.batch(sampleBatchId('alpha'))).toMatchObject({ createdAt: 1 })
  })

  law('the batch added last is listed first, page by page', async (store) => {
    for (const name of ['alpha', 'beta', 'gamma']) await store.addBatch(sampleBatch(name))
    const first = await store.batches({ limit: 2 })
    expect(first.map(({ id }) => id)).toEqual(['gamma', 'beta'])
    const rest = await store.batches({ limit: 2, after: sampleBatchId('beta') })
    expect(rest.map(({ id }) => id)).toEqual(['alpha'])
    expect(await store.batches({ limit: 2, after: sampleBatchId('alpha') })).toEqual([])
  })

  law(
    'a batch goes from open to sealed to cancelled, and stays cancelled',
    async (store, reopen) => {
      const { id } = sampleBatch('alpha')
      await store.addBatch(sampleBatch('alpha'))
      expect(await store.setBatchState(id, 'sealed')).toBe('sealed')
      expect(await store.batch(id)).toMatchObject({ state: 'sealed' })
      expect(await store.setBatchState(id, 'cancelled')).toBe('cancelled')
      const again = await reopen()
      expect(await again.setBatchState(id, 'sealed')).toBe('cancelled')
      expect(await again.batch(id)).toMatchObject({ state: 'cancelled' })
    },
  )

  law('what is done to a batch that does not exist is refused', async (store) => {
    const id = sampleBatchId('unheard-of')
    await expect(store.setBatchState(id, 'sealed')).rejects.toThrow(NotFoundError)
    await expect(store.addWorkunits(id, 0, sampleWorkunits(1))).rejects.toThrow(NotFoundError)
    expect(await store.workunits(id, { limit: 1 })).toEqual([])
    expect(await store.results(id, { limit: 1 })).toEqual([])
    expect(await store.lastWorkunit(id)).toBeUndefined()
  })

  law('workunits come back as they were added, in order of position', async (store, reopen) => {
    const batch = await addSampleWork(store, 3)
    const expected = sampleWorkunits(3).map((workunit, position) => ({
      ...workunit,
      id: workunitIdOf(batch, position),
      batch,
      position,
      reported: [],
      final: [],
    }))
    expect(await store.workunits(batch, { limit: 10 })).toEqual(expected)
    const again = await reopen()
    expect(await again.workunits(batch, { limit: 10 })).toEqual(expected)
    expect(await again.workunit(workunitIdOf(batch, 1))).toEqual(expected[1])
    expect(await again.lastWorkunit(batch)).toEqual(expected[2])
    expect(await again.workunit(workunitIdOf(batch, 3))).toBeUndefined()
  })

  law('an item cost past 2^53 comes back exact', async (store) => {
    const { id } = sampleBatch('alpha')
    await store.addBatch(sampleBatch('alpha'))
    const itemCost = 2n ** 62n + 1n
    await store.addWorkunits(id, 0, [
      { input: 0, source: null, key: null, itemCount: 1, itemCost },
      { input: 0, source: null, key: null, itemCount: 2 ** 50 + 1, itemCost: 1n },
    ])
    expect(await store.workunits(id, { limit: 2 })).toMatchObject([
      { itemCost },
      { itemCount: 2 ** 50 + 1 },
    ])
    expect(await store.batch(id)).toMatchObject({ credit: itemCost + 2n ** 50n + 1n })
  })

  law('a batch never has more items than can be counted exactly', async (store, reopen) => {
    const batch = await addSampleWork(store, 1, Number.MAX_SAFE_INTEGER - 8)
    const before = await everything(store)
    for (const added of [sampleWorkunits(2, 8), sampleWorkunits(500, Number.MAX_SAFE_INTEGER)]) {
      await expect(store.addWorkunits(batch, 1, added)).rejects.toThrow(BatchTooLargeError)
      expect(await everything(store)).toEqual(before)
    }
    const dear = sampleWorkunits(2, 2).map((one) => ({ ...one, itemCost: 2n ** 61n }))
    await expect(store.addWorkunits(batch, 1, dear)).rejects.toThrow(BatchTooLargeError)
    expect(await everything(store)).toEqual(before)
    await store.addWorkunits(batch, 1, sampleWorkunits(1, 8))
    const full = { workunits: 2, items: Number.MAX_SAFE_INTEGER }
    expect(await store.batch(batch)).toMatchObject(full)
    expect(await (await reopen()).batches({ limit: 9 })).toMatchObject([full])
  })

  law('of batches those that may have work are listed apart, as batches are', async (store) => {
    for (const name of ['alpha', 'beta', 'gamma', 'delta']) {
      await store.addBatch(sampleBatch(name))
      await store.addWorkunits(sampleBatchId(name), 0, sampleWorkunits(1))
    }
    await store.setBatchState(sampleBatchId('beta'), 'sealed')
    expect(await store.unfinishedBatches({ limit: 2 })).toEqual(['delta', 'gamma'])
    const after = sampleBatchId('gamma')
    expect(await store.unfinishedBatches({ limit: 2, after })).toEqual(['beta', 'alpha'])

    await store.setBatchState(sampleBatchId('gamma'), 'cancelled')
    await addSampleHost(store, 1)
    const wish = { owner: 'a', limit: 1, now: 0, until: 100 }
    for (const [task, name] of ['beta', 'delta'].entries()) {
      const workunits = await store.claim({ ...wish, batch: sampleBatchId(name) })
      const work = { final: true, end: 8 }
      await store.commit([sampleCommit(sampleReport(task, 0), workunits, work)])
    }
    // `delta` is done as well, and open: more may come.
    expect(await store.unfinishedBatches({ limit: 9, after })).toEqual(['alpha'])
    expect(await store.unfinishedBatches({ limit: 9 })).toEqual(['delta', 'alpha'])
    await store.setBatchState(sampleBatchId('delta'), 'sealed')
    expect(await store.unfinishedBatches({ limit: 9 })).toEqual(['alpha'])
  })

  law('what unfinished requests come to is counted: theirs, and no other work', async (store) => {
    expect(await store.unfinishedRequests()).toEqual({ batches: 0, workunits: 0, credit: 0n })
    const batch = await addSampleWork(store, 3)
    const seed = { ...sampleBatch('practice'), kind: 'practice' as const }
    await store.addBatch(seed)
    await store.addWorkunits(seed.id, 0, sampleWorkunits(5))
    expect(await store.unfinishedRequests()).toEqual({ batches: 1, workunits: 3, credit: 72n })
    const workunits = await store.claim({ owner: 'a', batch, limit: 2, now: 0, until: 100 })
    await store.commit([
      sampleCommit(sampleReport(1, 0), workunits.slice(0, 1), { final: true, end: 8 }),
      sampleCommit(sampleReport(2, 0), workunits.slice(1), { end: 5 }),
    ])
    expect(await store.unfinishedRequests()).toEqual({ batches: 1, workunits: 2, credit: 33n })
    expect(await store.batch(batch)).toMatchObject({
      credit: 72n,
      creditReported: 15n,
      creditFinal: 24n,
    })
    await store.setBatchState(batch, 'cancelled')
    expect(await store.unfinishedRequests()).toEqual({ batches: 0, workunits: 0, credit: 0n })
  })

  law('adding workunits again changes nothing', async (store) => {
    const batch = await addSampleWork(store, 3)
    const before = await everything(store)
    await store.addWorkunits(batch, 0, sampleWorkunits(3, 99))
    expect(await everything(store)).toEqual(before)
  })

  law('workunits that overlap what is there are added where they are new', async (store) => {
    const batch = await addSampleWork(store, 3, 8)
    await store.addWorkunits(batch, 2, sampleWorkunits(2, 100))
    const counts = (await store.workunits(batch, { limit: 10 })).map(({ itemCount }) => itemCount)
    expect(counts).toEqual([8, 8, 8, 100])
    expect(await store.batch(batch)).toMatchObject({ workunits: 4, items: 124 })
  })

  law('pages of workunits join without a gap or a repeat', async (store) => {
    const batch = await addSampleWork(store, 7)
    const positions: number[] = []
    for (let pages = 0; pages < 4; pages++) {
      const page = await store.workunits(batch, { limit: 3, after: positions.at(-1) })
      positions.push(...page.map(({ position }) => position))
    }
    expect(positions).toEqual([0, 1, 2, 3, 4, 5, 6])
  })
}
