import { expect } from 'vitest'
import { workunitIdOf } from '../../../src/protocol/ids.ts'
import { addSampleWork, sampleBatchId, sampleCommit, sampleReport, sure } from './samples.ts'
import { lawsOn, type MakePlace } from './storeTest.ts'

const positions = (workunits: readonly { position: number }[]) =>
  workunits.map(({ position }) => position)

export function claimLaws(makePlace: MakePlace): void {
  const law = lawsOn(makePlace)

  law(
    'a claim takes the first workunits that nobody holds, in order of position',
    async (store) => {
      const batch = await addSampleWork(store, 12)
      const first = await store.claim({ owner: 'a', batch, limit: 5, now: 0, until: 100 })
      expect(positions(first)).toEqual([0, 1, 2, 3, 4])
      expect(first.every(({ epoch }) => epoch === 1)).toBe(true)
      const { epoch: _, ...workunit } = sure(first[0])
      expect(workunit).toEqual(await store.workunit(workunitIdOf(batch, 0)))
      const other = await store.claim({ owner: 'b', batch, limit: 5, now: 0, until: 100 })
      expect(positions(other)).toEqual([5, 6, 7, 8, 9])
    },
  )

  law('the next claim of the same owner brings the next workunits', async (store) => {
    const batch = await addSampleWork(store, 5)
    const wish = { owner: 'a', batch, limit: 3, now: 0, until: 100 }
    expect(positions(await store.claim(wish))).toEqual([0, 1, 2])
    expect(positions(await store.claim(wish))).toEqual([3, 4])
    expect(await store.claim(wish)).toEqual([])
  })

  law('a claim that ran out can be taken by another owner and raises the epoch', async (store) => {
    const batch = await addSampleWork(store, 2)
    await store.claim({ owner: 'a', batch, limit: 2, now: 0, until: 100 })
    const b = { owner: 'b', batch, limit: 1, until: 200 }
    expect(await store.claim({ ...b, now: 99 })).toEqual([])
    expect(await store.claim({ ...b, now: 100 })).toMatchObject([{ position: 0, epoch: 2 }])
    expect(await store.claim({ ...b, now: 100 })).toMatchObject([{ position: 1, epoch: 2 }])
  })

  law('a claim that was prolonged holds until its new end', async (store) => {
    const batch = await addSampleWork(store, 1)
    await store.claim({ owner: 'a', batch, limit: 1, now: 0, until: 100 })
    const held = [workunitIdOf(batch, 0)]
    expect(await store.renewClaims('b', 500, held)).toEqual([])
    expect(await store.renewClaims('a', 200, held)).toEqual(held)
    const b = { owner: 'b', batch, limit: 1, until: 900 }
    expect(await store.claim({ ...b, now: 199 })).toEqual([])
    expect(await store.claim({ ...b, now: 200 })).toHaveLength(1)
  })

  law('what is given back can be taken at once, and only what is one’s own', async (store) => {
    const batch = await addSampleWork(store, 2)
    await store.claim({ owner: 'a', batch, limit: 1, now: 0, until: 100 })
    await store.claim({ owner: 'b', batch, limit: 1, now: 0, until: 100 })
    await store.releaseClaims('a')
    const taken = await store.claim({ owner: 'c', batch, limit: 2, now: 0, until: 100 })
    expect(taken).toMatchObject([{ position: 0, epoch: 2 }])
  })

  law('claims survive reopening: others wait, the same owner goes on', async (store, reopen) => {
    const batch = await addSampleWork(store, 3)
    await store.claim({ owner: 'a', batch, limit: 2, now: 0, until: 100 })
    const again = await reopen()
    const wish = { batch, limit: 3, now: 50, until: 200 }
    expect(await again.claim({ ...wish, owner: 'b', limit: 1 })).toMatchObject([{ position: 2 }])
    const own = await again.claim({ ...wish, owner: 'a' })
    expect(own.map(({ position, epoch }) => [position, epoch])).toEqual([
      [0, 2],
      [1, 2],
    ])
    expect(await again.claim({ ...wish, owner: 'a' })).toEqual([])
  })

  law('an owner does not prolong what its earlier life claimed', async (store, reopen) => {
    const batch = await addSampleWork(store, 1)
    await store.claim({ owner: 'a', batch, limit: 1, now: 0, until: 100 })
    const again = await reopen()
    expect(await again.renewClaims('a', 1_000, [workunitIdOf(batch, 0)])).toEqual([])
    expect(await again.claim({ owner: 'b', batch, limit: 1, now: 100, until: 200 })).toHaveLength(1)
  })

  law('naming workunits takes them from whoever holds them, in the order named', async (store) => {
    const batch = await addSampleWork(store, 4)
    await store.claim({ owner: 'b', batch, limit: 2, now: 0, until: 100 })
    const ids = [3, 0, 9].map((position) => workunitIdOf(batch, position))
    const taken = await store.claimThese({ owner: 'a', workunits: ids, now: 0, until: 100 })
    expect(taken.map(({ position, epoch }) => [position, epoch])).toEqual([
      [3, 1],
      [0, 2],
    ])
    const again = await store.claimThese({ owner: 'a', workunits: ids, now: 0, until: 100 })
    expect(again.map(({ epoch }) => epoch)).toEqual([2, 3])
    const all = [0, 1, 2, 3].map((position) => workunitIdOf(batch, position))
    expect(await store.renewClaims('b', 200, all)).toEqual([workunitIdOf(batch, 1)])
    const held = await store.renewClaims('a', 200, all)
    expect(held.toSorted()).toEqual([workunitIdOf(batch, 0), workunitIdOf(batch, 3)])
  })

  law(
    'a claim that its owner has lost sight of is given back when it prolongs the others',
    async (store) => {
      const batch = await addSampleWork(store, 4)
      const claimed = await store.claim({ owner: 'a', batch, limit: 3, now: 0, until: 100 })
      await store.claim({ owner: 'b', batch, limit: 1, now: 0, until: 100 })
      const [first] = claimed.map(({ id }) => id)
      expect(await store.renewClaims('a', 500, first === undefined ? [] : [first])).toEqual([first])
      const taken = await store.claim({ owner: 'c', batch, limit: 9, now: 50, until: 500 })
      expect(positions(taken)).toEqual([1, 2])
    },
  )

  law('one workunit named twice is taken once', async (store) => {
    const id = workunitIdOf(await addSampleWork(store, 1), 0)
    const taken = await store.claimThese({ owner: 'a', workunits: [id, id], now: 0, until: 100 })
    expect(taken).toMatchObject([{ id, epoch: 1 }])
  })

  law('finished workunits are never claimed', async (store, reopen) => {
    const batch = await addSampleWork(store, 2, 4)
    const claimed = await store.claim({ owner: 'a', batch, limit: 1, now: 0, until: 100 })
    await store.commit([sampleCommit(sampleReport(1, 0), claimed, { end: 4, final: true })])
    const again = await reopen()
    const wish = { now: 1_000, until: 2_000 }
    const rest = await again.claim({ ...wish, owner: 'b', batch, limit: 9 })
    expect(positions(rest)).toEqual([1])
    const ids = [workunitIdOf(batch, 0)]
    expect(await again.claimThese({ ...wish, owner: 'a', workunits: ids })).toEqual([])
  })

  law('a workunit whose items are reported but not final is not finished', async (store) => {
    const batch = await addSampleWork(store, 1, 4)
    const claimed = await store.claim({ owner: 'a', batch, limit: 1, now: 0, until: 100 })
    await store.commit([sampleCommit(sampleReport(1, 0), claimed, { end: 4 })])
    const taken = await store.claim({ owner: 'b', batch, limit: 1, now: 100, until: 200 })
    expect(taken).toMatchObject([{ reported: [0, 4], final: [] }])
  })

  law('cancelled batches are not claimed, sealed ones are', async (store) => {
    const batch = await addSampleWork(store, 2)
    const workunits = [workunitIdOf(batch, 1)]
    const wish = { owner: 'a', now: 0, until: 100 }
    await store.setBatchState(batch, 'sealed')
    expect(await store.claim({ ...wish, batch, limit: 1 })).toHaveLength(1)
    expect(await store.claimThese({ ...wish, workunits })).toHaveLength(1)
    await store.setBatchState(batch, 'cancelled')
    await store.releaseClaims('a')
    expect(await store.claim({ ...wish, batch, limit: 2 })).toEqual([])
    expect(await store.claimThese({ ...wish, workunits })).toEqual([])
  })

  law('a batch that does not exist has nothing to claim', async (store) => {
    const batch = sampleBatchId('unheard-of')
    expect(await store.claim({ owner: 'a', batch, limit: 1, now: 0, until: 1 })).toEqual([])
  })
}
