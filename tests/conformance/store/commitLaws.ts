import { expect } from 'vitest'
import { FencedError, NotFoundError, ReportOrderError } from '../../../src/protocol/errors.ts'
import { workunitIdOf } from '../../../src/protocol/ids.ts'
import type { Store } from '../../../src/server/stores/store.ts'
import {
  addSampleHost,
  addSampleWork,
  everything,
  sampleBatchId,
  sampleCommit,
  sampleHostId,
  sampleReport,
  sampleTaskId,
  sure,
} from './samples.ts'
import { lawsOn, type MakePlace } from './storeTest.ts'

const claimed = (store: Store, limit: number, owner = 'a', now = 0) =>
  store.claim({ owner, batch: sampleBatchId('alpha'), limit, now, until: now + 100 })

export function commitLaws(makePlace: MakePlace): void {
  const law = lawsOn(makePlace)

  law('a commit is there whole: report, task, sets, results, credit', async (store, reopen) => {
    const batch = await addSampleWork(store, 2)
    const workunits = await claimed(store, 1)
    const head = new Uint8Array(32).fill(7)
    const report = sampleReport(1, 0, { head, creditReported: 9n, creditFinal: 3n })
    const outputs = [{ factor: '23', k: '1' }]
    await store.commit([sampleCommit(report, workunits, { outputs })])

    const again = await reopen()
    const { task, host } = report
    expect(await again.report(task, 0)).toEqual({ ...report, id: 1 })
    expect(await again.reports({ limit: 9 })).toEqual([{ ...report, id: 1 }])
    expect(await again.task(task)).toEqual({ id: task, host, nextSeq: 1, head, sealed: false })
    expect(await again.workunit(workunitIdOf(batch, 0))).toMatchObject({
      reported: [0, 4],
      final: [],
    })
    expect(await again.results(batch, { limit: 9 })).toEqual([
      {
        id: 1,
        batch,
        workunit: workunitIdOf(batch, 0),
        host,
        output: outputs[0],
        state: 'reported',
        foundAt: report.receivedAt,
      },
    ])
    expect(await again.batch(batch)).toMatchObject({
      finished: 0,
      itemsReported: 4,
      itemsFinal: 0,
      results: 1,
    })
    expect(await again.host(host)).toMatchObject({
      slices: 2,
      items: 4,
      creditReported: 9n,
      creditFinal: 3n,
    })
    expect(await again.totals()).toEqual({
      hosts: 1,
      reports: 1,
      slices: 2,
      items: 4,
      results: 1,
      creditReported: 9n,
      creditFinal: 3n,
    })
  })

  law('an empty group changes nothing', async (store) => {
    await addSampleWork(store, 1)
    const before = await everything(store)
    await store.commit([])
    expect(await everything(store)).toEqual(before)
  })

  law('a commit under an old epoch changes nothing, not even the counters', async (store) => {
    await addSampleWork(store, 2)
    const old = await claimed(store, 1)
    await claimed(store, 1, 'b', 100)
    const before = await everything(store)
    const late = sampleCommit(sampleReport(1, 0), old, { final: true, end: 8, outputs: ['x'] })
    await expect(store.commit([late])).rejects.toThrow(FencedError)
    expect(await everything(store)).toEqual(before)
    expect(await store.task(sampleTaskId(1))).toBeUndefined()
  })

  law('all or nothing: one fenced commit takes the whole group back', async (store) => {
    await addSampleWork(store, 2)
    const [lost, kept] = await claimed(store, 2)
    await store.claimThese({ owner: 'b', workunits: [sure(lost).id], now: 100, until: 200 })
    const before = await everything(store)
    const good = sampleCommit(sampleReport(1, 0), [sure(kept)], { outputs: ['x'] })
    const bad = sampleCommit(sampleReport(2, 0), [sure(lost)])
    await expect(store.commit([good, bad])).rejects.toThrow(FencedError)
    await expect(store.commit([bad, good])).rejects.toThrow(FencedError)
    expect(await everything(store)).toEqual(before)
    await store.commit([good])
    expect(await store.totals()).toMatchObject({ reports: 1, results: 1 })
  })

  law('an epoch that is to come is as wrong as one that is over', async (store) => {
    await addSampleWork(store, 1)
    const [workunit] = await claimed(store, 1)
    const ahead = { ...sure(workunit), epoch: 2 }
    await expect(store.commit([sampleCommit(sampleReport(1, 0), [ahead])])).rejects.toThrow(
      FencedError,
    )
  })

  law('two epochs of one workunit in one group are refused, in either order', async (store) => {
    await addSampleWork(store, 1)
    const [old] = await claimed(store, 1)
    const [now] = await claimed(store, 1, 'b', 100)
    const before = await everything(store)
    for (const [first, second] of [
      [sure(old), sure(now)],
      [sure(now), sure(old)],
    ] as const) {
      const group = [
        sampleCommit(sampleReport(1, 0), [first]),
        sampleCommit(sampleReport(2, 0), [second]),
      ]
      await expect(store.commit(group)).rejects.toThrow(FencedError)
    }
    expect(await everything(store)).toEqual(before)
  })

  law('giving a claim back does not fence what was computed under it', async (store) => {
    await addSampleWork(store, 1)
    const workunits = await claimed(store, 1)
    await store.releaseClaims('a')
    await store.commit([sampleCommit(sampleReport(1, 0), workunits)])
    expect(await store.totals()).toMatchObject({ reports: 1 })
  })

  law('of several updates of one workunit in a group the last one holds', async (store) => {
    const batch = await addSampleWork(store, 1)
    const workunits = await claimed(store, 1)
    await store.commit([
      sampleCommit(sampleReport(1, 0), workunits, { end: 2 }),
      sampleCommit(sampleReport(1, 1), workunits, { end: 3 }),
      sampleCommit(sampleReport(2, 0), workunits, { end: 5 }),
    ])
    expect(await store.workunit(sure(workunits[0]).id)).toMatchObject({ reported: [0, 5] })
    expect(await store.batch(batch)).toMatchObject({ itemsReported: 5 })
    expect(await store.totals()).toMatchObject({ reports: 3 })
  })

  law('items that become final leave the reported ones, and finish the workunit', async (store) => {
    const batch = await addSampleWork(store, 2, 8)
    const workunits = await claimed(store, 1)
    await store.commit([sampleCommit(sampleReport(1, 0), workunits, { end: 8 })])
    expect(await store.batch(batch)).toMatchObject({ itemsReported: 8, itemsFinal: 0, finished: 0 })
    await store.commit([sampleCommit(sampleReport(1, 1), workunits, { end: 8, final: true })])
    expect(await store.batch(batch)).toMatchObject({ itemsReported: 0, itemsFinal: 8, finished: 1 })
    await store.commit([sampleCommit(sampleReport(1, 2), workunits, { end: 8, final: true })])
    expect(await store.batch(batch)).toMatchObject({ itemsReported: 0, itemsFinal: 8, finished: 1 })
  })

  law('a replayed report keeps its first acknowledgement', async (store, reopen) => {
    await addSampleWork(store, 1)
    const workunits = await claimed(store, 1)
    await store.commit([sampleCommit(sampleReport(1, 0, { ack: 'first' }), workunits)])
    const before = await everything(store)
    const replay = sampleCommit(sampleReport(1, 0, { ack: 'second' }), workunits, { end: 8 })
    await expect(store.commit([replay])).rejects.toThrow(ReportOrderError)
    expect(await everything(store)).toEqual(before)
    const again = await reopen()
    await expect(again.commit([replay])).rejects.toThrow(ReportOrderError)
    expect(await again.report(sampleTaskId(1), 0)).toMatchObject({ ack: 'first' })
  })

  law('a report and its replay in one group take the group back', async (store) => {
    await addSampleWork(store, 1)
    const commit = sampleCommit(sampleReport(1, 0))
    await expect(store.commit([commit, commit])).rejects.toThrow(ReportOrderError)
    expect(await store.totals()).toMatchObject({ reports: 0, slices: 0 })
  })

  law('a report before its turn is refused and says which one is due', async (store) => {
    await addSampleWork(store, 1)
    const due = (task: number, seq: number) =>
      store.commit([sampleCommit(sampleReport(task, seq))]).then(
        () => 'committed',
        (error: unknown) => error instanceof ReportOrderError && error.details.expected,
      )
    expect(await due(1, 1)).toBe(0)
    expect(await due(1, 0)).toBe('committed')
    expect(await due(1, 2)).toBe(1)
    expect(await due(1, 0)).toBe(1)
    expect(await due(1, 1)).toBe('committed')
  })

  law('a task follows its last report, and once sealed stays sealed', async (store, reopen) => {
    await addSampleWork(store, 1)
    const seal = new Uint8Array(64).fill(9)
    await store.commit([
      sampleCommit(sampleReport(1, 0)),
      sampleCommit(sampleReport(1, 1, { seal })),
    ])
    expect(await store.task(sampleTaskId(1))).toMatchObject({ nextSeq: 2, sealed: true })
    const again = await reopen()
    const head = new Uint8Array(32).fill(3)
    await again.commit([sampleCommit(sampleReport(1, 2, { head }))])
    expect(await again.task(sampleTaskId(1))).toMatchObject({ nextSeq: 3, sealed: true, head })
    expect(await again.report(sampleTaskId(1), 1)).toMatchObject({ seal })
    expect(await again.report(sampleTaskId(1), 2)).toMatchObject({ seal: null })
    expect(await again.report(sampleTaskId(1), 3)).toBeUndefined()
    expect(await again.task(sampleTaskId(2))).toBeUndefined()
  })

  law('the same output of a workunit is kept once, whoever finds it again', async (store) => {
    const batch = await addSampleWork(store, 2)
    await addSampleHost(store, 2)
    const [one, two] = await claimed(store, 2)
    const outputs = [{ k: '1', factor: '23' }]
    const swapped = [{ factor: '23', k: '1' }]
    const other = sampleReport(2, 0, { host: sampleHostId(2), receivedAt: 9_999 })
    await store.commit([
      sampleCommit(sampleReport(1, 0), [sure(one)], { outputs: [...outputs, ...outputs] }),
      sampleCommit(sampleReport(1, 1), [sure(two)], { outputs }),
    ])
    await store.commit([sampleCommit(other, [sure(one)], { outputs: swapped })])
    const results = await store.results(batch, { limit: 9 })
    expect(results.map(({ workunit, host }) => [workunit, host])).toEqual([
      [sure(one).id, sampleHostId(1)],
      [sure(two).id, sampleHostId(1)],
    ])
    expect(await store.batch(batch)).toMatchObject({ results: 2 })
    expect(await store.totals()).toMatchObject({ results: 2 })
  })

  law('any JSON value is an output and comes back equal', async (store) => {
    const batch = await addSampleWork(store, 1)
    const outputs = [0, -1.5, '', 'ß ’ \u0000 😀', null, true, [], {}, { a: [{ b: null }] }]
    await store.commit([sampleCommit(sampleReport(1, 0), await claimed(store, 1), { outputs })])
    const results = await store.results(batch, { limit: 20 })
    expect(results.map(({ output }) => output)).toEqual(outputs)
  })

  law('a host or a workunit that is not known takes the group back', async (store) => {
    const batch = await addSampleWork(store, 1)
    const before = await everything(store)
    const good = sampleCommit(sampleReport(1, 0), await claimed(store, 1))
    const stranger = sampleCommit(sampleReport(2, 0, { host: sampleHostId(99) }))
    const nowhere = { ...sure((await claimed(store, 1, 'b', 100))[0]), id: workunitIdOf(batch, 7) }
    const lost = sampleCommit(sampleReport(2, 0), [nowhere])
    const { workunits: _, ...onlyResult } = sampleCommit(sampleReport(2, 0), [nowhere], {
      outputs: [1],
    })
    const fine = { ...good, workunits: [] }
    for (const bad of [stranger, lost, { ...onlyResult, workunits: [] }]) {
      await expect(store.commit([fine, bad])).rejects.toThrow(NotFoundError)
    }
    expect(await everything(store)).toEqual(before)
  })

  law('credit past 2^53 is added without losing a unit', async (store, reopen) => {
    await addSampleWork(store, 1)
    const much = 2n ** 60n + 1n
    const report = (seq: number) =>
      sampleReport(1, seq, { creditReported: much, creditFinal: much + 1n })
    await store.commit([sampleCommit(report(0)), sampleCommit(report(1))])
    await store.commit([sampleCommit(report(2))])
    const sums = { creditReported: 3n * much, creditFinal: 3n * much + 3n }
    const again = await reopen()
    expect(await again.host(sampleHostId(1))).toMatchObject(sums)
    expect(await again.totals()).toMatchObject(sums)
    expect(await again.report(sampleTaskId(1), 2)).toMatchObject({ creditReported: much })
  })

  law('reports and results are paged in order of arrival', async (store) => {
    const batch = await addSampleWork(store, 1)
    const workunits = await claimed(store, 1)
    for (let seq = 0; seq < 5; seq++) {
      await store.commit([sampleCommit(sampleReport(1, seq), workunits, { outputs: [seq] })])
    }
    const reports = await store.reports({ limit: 3 })
    expect(reports.map(({ seq }) => seq)).toEqual([0, 1, 2])
    const last = await store.reports({ limit: 3, after: sure(reports[2]).id })
    expect(last.map(({ seq }) => seq)).toEqual([3, 4])
    const results = await store.results(batch, { limit: 2 })
    const next = await store.results(batch, { limit: 9, after: sure(results[1]).id })
    expect([...results, ...next].map(({ output }) => output)).toEqual([0, 1, 2, 3, 4])
  })
}
