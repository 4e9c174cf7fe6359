import { expect } from 'vitest'
import { workunitIdOf } from '../../../src/protocol/ids.ts'
import type { Store } from '../../../src/server/stores/store.ts'
import { addSampleWork, sampleBatchId, sampleCommit, sampleReport, sure } from './samples.ts'
import { lawsOn, type MakePlace } from './storeTest.ts'

const claimed = (store: Store, limit: number) =>
  store.claim({ owner: 'a', batch: sampleBatchId('alpha'), limit, now: 0, until: 100 })

export function outcomeLaws(makePlace: MakePlace): void {
  const law = lawsOn(makePlace)

  law('finished workunits are listed in the order in which they were finished', async (store) => {
    const batch = await addSampleWork(store, 4)
    const [one, two, three, four] = (await claimed(store, 4)).map((workunit) => [workunit])
    const whole = { end: 8, final: true }
    await store.commit([
      sampleCommit(sampleReport(1, 0, { receivedAt: 70 }), three, whole),
      sampleCommit(sampleReport(1, 1, { receivedAt: 60 }), one, whole),
      sampleCommit(sampleReport(1, 2), two),
    ])
    await store.commit([sampleCommit(sampleReport(2, 0, { receivedAt: 90 }), four, whole)])
    await store.commit([sampleCommit(sampleReport(2, 1, { receivedAt: 99 }), one, whole)])
    const all = await store.finishedWorkunits(batch, { limit: 9 })
    expect(all.map(({ position, finished }) => [position, finished.at])).toEqual([
      [2, 70],
      [0, 60],
      [3, 90],
    ])
    const { finished: _, ...workunit } = sure(all[1])
    expect(await store.workunit(workunit.id)).toEqual(workunit)
    const after = sure(all[0]).finished.no
    expect(await store.finishedWorkunits(batch, { limit: 1, after })).toEqual([all[1]])
    const last = sure(all[2]).finished.no
    expect(await store.finishedWorkunits(batch, { limit: 9, after: last })).toEqual([])
  })

  law('the outputs of some workunits are theirs alone, in order of arrival', async (store) => {
    const batch = await addSampleWork(store, 3)
    const [one, two, three] = await claimed(store, 3)
    const report = (seq: number, workunit: typeof one, output: unknown) =>
      sampleCommit(sampleReport(1, seq), [sure(workunit)], { outputs: [output] })
    await store.commit([report(0, two, 'a'), report(1, one, 'b')])
    await store.commit([report(2, three, 'c'), report(3, two, 'd')])
    const all = await store.results(batch, { limit: 9 })
    const wanted = [sure(one).id, sure(two).id, workunitIdOf(batch, 77)]
    const some = await store.resultsOf(wanted)
    expect(some).toEqual(all.filter(({ output }) => output !== 'c'))
    expect(some).toHaveLength(3)
    expect(await store.resultsOf([])).toEqual([])
  })

  law('a number is never given twice, also when a workunit is opened again', async (store) => {
    const batch = await addSampleWork(store, 2)
    const [one, two] = (await claimed(store, 2)).map((workunit) => [workunit])
    const whole = { end: 8, final: true }
    await store.commit([sampleCommit(sampleReport(1, 0), one, whole)])
    const [first] = await store.finishedWorkunits(batch, { limit: 9 })
    await store.commit([sampleCommit(sampleReport(1, 1), one, { end: 4 })])
    await store.commit([sampleCommit(sampleReport(1, 2), two, whole)])
    const after = sure(first).finished.no
    expect(await store.finishedWorkunits(batch, { limit: 9, after })).toMatchObject([
      { position: 1 },
    ])
    await store.commit([sampleCommit(sampleReport(1, 3), one, whole)])
    const all = await store.finishedWorkunits(batch, { limit: 9, after })
    expect(all.map(({ position }) => position)).toEqual([1, 0])
  })
}
