import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FencedError, NotFoundError, ReportOrderError } from '../../../src/protocol/errors.ts'
import { workunitIdOf } from '../../../src/protocol/ids.ts'
import type { ClaimedWorkunit, Commit, Store } from '../../../src/server/stores/store.ts'
import {
  addSampleHost,
  sampleBatch,
  sampleBatchId,
  sampleHostId,
  sampleReport,
  sampleTaskId,
  sampleWorkunits,
  sure,
} from './samples.ts'
import {
  actions,
  canTake,
  isUnfinished,
  CLAIM_MS,
  emptyModel,
  ITEMS,
  takeInModel,
  type Action,
  type Model,
  type Step,
} from './storeModel.ts'
import { withStore, type MakePlace } from './storeTest.ts'

const batch = sampleBatchId('alpha')
const SAMPLE_APP = { app: sampleBatch('alpha').app, version: 1 }
const workunitId = (position: number) => workunitIdOf(batch, position)

export function modelLaw(makePlace: MakePlace): void {
  // oxlint-disable-next-line vitest/expect-expect -- `compare` asserts, after every action
  test('whatever happens in whatever order, the store knows what a tiny model knows', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (list) => {
        await withStore(makePlace, async (first, reopen) => {
          let store = first
          await store.addBatch(sampleBatch('alpha'))
          for (const n of [1, 2]) await addSampleHost(store, n)
          const model = emptyModel()
          await act(store, model, { do: 'add', from: 0, count: 5 })
          for (const action of list) {
            if (action.do === 'reopen') {
              store = await reopen()
              model.life++
            } else await act(store, model, action)
            await compare(store, model)
          }
          await compare(await reopen(), model)
        })
      }),
      { numRuns: 60 },
    )
  }, 180_000)
}

async function act(store: Store, model: Model, action: Action): Promise<void> {
  const { now } = model
  switch (action.do) {
    case 'add': {
      await store.addWorkunits(batch, action.from, sampleWorkunits(action.count, ITEMS))
      for (let position = action.from; position < action.from + action.count; position++) {
        if (model.workunits.has(position)) continue
        model.workunits.set(position, { epoch: 0, reported: 0, final: 0, claim: null })
      }
      return
    }
    case 'claim': {
      const { owner, limit, forMs } = action
      const until = now + forMs
      const expected = [...model.workunits.keys()]
        .toSorted((a, b) => a - b)
        .filter((position) => canTake(model, position, owner))
        .slice(0, limit)
        .map((position) => [position, takeInModel(model, position, owner, until)])
      const taken = await store.claim({ owner, batch, limit, now, until })
      expectTaken(taken, expected)
      return
    }
    case 'claimThese': {
      const { owner, positions } = action
      const until = now + CLAIM_MS
      const expected = positions
        .filter((position) => isUnfinished(model, position))
        .map((position) => [position, takeInModel(model, position, owner, until)])
      const workunits = positions.map(workunitId)
      const taken = await store.claimThese({ owner, workunits, now, until })
      expectTaken(taken, expected)
      return
    }
    case 'wait':
      model.now += action.ms
      return
    case 'renew':
      await renewBoth(store, model, action.owner, action.keep)
      return
    case 'release':
      await store.releaseClaims(action.owner)
      for (const workunit of model.workunits.values()) {
        if (workunit.claim?.owner === action.owner) workunit.claim = null
      }
      return
    case 'seal':
    case 'cancel':
      model.cancelled ||= action.do === 'cancel'
      await store.setBatchState(batch, action.do === 'cancel' ? 'cancelled' : 'sealed')
      return
    case 'commit':
      await commitBoth(store, model, action.group)
      return
    case 'reopen':
  }
}

async function renewBoth(
  store: Store,
  model: Model,
  owner: string,
  keep: readonly number[],
): Promise<void> {
  const until = model.now + CLAIM_MS
  const kept: number[] = []
  for (const [position, workunit] of model.workunits) {
    const { claim } = workunit
    if (claim?.owner !== owner || claim.life !== model.life) continue
    workunit.claim = keep.includes(position) ? { ...claim, until } : null
    if (workunit.claim) kept.push(position)
  }
  const renewed = await store.renewClaims(owner, until, keep.map(workunitId))
  expect(renewed.toSorted()).toEqual(kept.map(workunitId).toSorted())
}

/** Builds a group as the actions say, decides from the model what must come of it, and sees whether it does. */
async function commitBoth(store: Store, model: Model, group: readonly Step[]): Promise<void> {
  const due = new Map(model.nextSeq)
  const commits: Commit[] = []
  const problems = new Set<unknown>()
  const applied: (() => void)[] = []
  for (const step of group) {
    const next = due.get(step.task) ?? 0
    const seq = Math.max(0, next + step.offset)
    if (seq !== next) problems.add(ReportOrderError)
    due.set(step.task, seq + 1)
    const credit = step.end * 3
    const report = sampleReport(step.task, seq, {
      host: sampleHostId(step.host),
      acceptedItems: step.end,
      creditReported: step.final ? 0n : BigInt(credit),
      creditFinal: step.final ? BigInt(credit) : 0n,
    })
    applied.push(() => {
      model.reports.push({ task: step.task, seq, host: step.host, credit })
      model.nextSeq.set(step.task, seq + 1)
      const { expected, found } = model.yields.get(step.host) ?? { expected: 0, found: 0 }
      model.yields.set(step.host, { expected: expected + step.end / 4, found: found + step.output })
    })
    const sets = { reported: step.final ? 0 : step.end, final: step.final ? step.end : 0 }
    for (const position of step.positions) {
      if (!model.workunits.has(position)) problems.add(NotFoundError)
      if (step.age !== 0) problems.add(FencedError)
      applied.push(() => {
        Object.assign(sure(model.workunits.get(position)), sets)
        model.results.add(`${position}:${step.output}`)
      })
    }
    commits.push({
      report,
      yields: [{ ...SAMPLE_APP, expected: step.end / 4, found: step.output }],
      workunits: step.positions.map((position) => ({
        id: workunitId(position),
        epoch: (model.workunits.get(position)?.epoch ?? 0) + step.age,
        reported: sets.reported > 0 ? [0, sets.reported] : [],
        final: sets.final > 0 ? [0, sets.final] : [],
      })),
      results: step.positions.map((position) => ({
        workunit: workunitId(position),
        host: report.host,
        output: step.output,
        state: step.final ? 'final' : 'reported',
        foundAt: 0,
      })),
    })
  }
  const outcome = await store.commit(commits).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (problems.size > 0) {
    expect([...problems]).toContain((outcome as Error | undefined)?.constructor)
    return
  }
  expect(outcome).toBeUndefined()
  for (const apply of applied) apply()
  // In the order of the last updates; one that is opened again is not finished any more.
  const updated = commits.flatMap(({ workunits }) => workunits.map(({ id }) => id)).toReversed()
  for (const id of [...new Set(updated)].toReversed()) {
    const position = Number(id.split('.')[1])
    const workunit = sure(model.workunits.get(position))
    if (workunit.final === ITEMS) {
      workunit.claim = null
      model.finished.add(position)
    } else model.finished.delete(position)
  }
}

async function compare(store: Store, model: Model): Promise<void> {
  const workunits = [...model.workunits].toSorted(([a], [b]) => a - b)
  const stored = await store.workunits(batch, { limit: 99 })
  expect(stored.map(({ position, reported, final }) => [position, reported, final])).toEqual(
    workunits.map(([position, { reported, final }]) => [
      position,
      reported > 0 ? [0, reported] : [],
      final > 0 ? [0, final] : [],
    ]),
  )
  const { state } = sure(await store.batch(batch))
  expect(state === 'cancelled').toBe(model.cancelled)
  expect(await store.batch(batch)).toMatchObject({
    workunits: workunits.length,
    finished: workunits.filter(([, { final }]) => final === ITEMS).length,
    items: workunits.length * ITEMS,
    itemsReported: sum(workunits.map(([, { reported }]) => reported)),
    itemsFinal: sum(workunits.map(([, { final }]) => final)),
    results: model.results.size,
  })
  const finished = await store.finishedWorkunits(batch, { limit: 99 })
  expect(finished.map(({ position }) => position)).toEqual([...model.finished])
  const results = await store.results(batch, { limit: 999 })
  expect(results.map(({ workunit, output }) => [workunit, output])).toEqual(
    [...model.results].map((key) => {
      const [position, output] = key.split(':').map(Number)
      return [workunitId(sure(position)), output]
    }),
  )
  const reports = await store.reports({ limit: 999 })
  expect(reports.map(({ task, seq, host }) => [task, seq, host])).toEqual(
    model.reports.map(({ task, seq, host }) => [sampleTaskId(task), seq, sampleHostId(host)]),
  )
  for (const n of [1, 2]) {
    const host = sure(await store.host(sampleHostId(n)))
    const mine = model.reports.filter((report) => report.host === n)
    expect(Number(host.creditReported + host.creditFinal)).toBe(sum(mine.map((r) => r.credit)))
    expect(host.slices).toBe(2 * mine.length)
    const found = model.yields.get(n)
    expect(await store.yields(host.id)).toEqual(found ? [{ ...SAMPLE_APP, ...found }] : [])
  }
  const totals = await store.totals()
  expect(totals).toMatchObject({ reports: reports.length, results: results.length, hosts: 2 })
  expect(totals.items).toBe(sum(reports.map((report) => report.acceptedItems)))
  expect(totals.creditReported).toBe(reports.reduce((all, r) => all + r.creditReported, 0n))
  expect(totals.creditFinal).toBe(reports.reduce((all, r) => all + r.creditFinal, 0n))
}

function expectTaken(taken: readonly ClaimedWorkunit[], expected: readonly unknown[]): void {
  expect(taken.map(({ position, epoch }) => [position, epoch])).toEqual(expected)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
