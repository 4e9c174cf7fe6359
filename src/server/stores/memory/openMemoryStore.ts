import { randomBytes } from 'node:crypto'
import { AlreadyExistsError, NotFoundError } from '../../../protocol/errors.ts'
import { creditFor, type Credit } from '../../../protocol/credit.ts'
import { workunitIdOf, type BatchId, type WorkunitId } from '../../../protocol/ids.ts'
import { emptySet, sizeOf } from '../../../protocol/intervalSet.ts'
import { BatchTooLargeError, MAX_BATCH_CREDIT } from '../errors.ts'
import type {
  ClaimedWorkunit,
  HostRank,
  NewWorkunit,
  Page,
  Store,
  StoredBatch,
  StoredWorkunit,
  Yield,
} from '../store.ts'
import { commitToMemory } from './commitToMemory.ts'
import {
  emptyMemory,
  isFinished,
  rememberHost,
  type HeldBatch,
  type HeldWorkunit,
  type Memory,
} from './memory.ts'

const MAX_ITEMS = Number.MAX_SAFE_INTEGER

/**
 * The contract in its plainest form: every question is answered by looking at everything. For tests; nothing is durable.
 * @param shared whether others have the same memory open now
 */
export function openMemoryStore(memory: Memory = emptyMemory(), shared = false): Store {
  const { secrets, batches, workunits, hosts, tasks, reports, results, yields } = memory
  const thisStore = Symbol('store')

  const workunitsOf = (batch: BatchId) =>
    [...workunits.values()]
      .filter((workunit) => workunit.batch === batch)
      .toSorted((a, b) => a.position - b.position)

  const batchOf = ({ finishes: _finishes, ...batch }: HeldBatch): StoredBatch => {
    const all = workunitsOf(batch.id)
    return {
      ...batch,
      workunits: all.length,
      finished: all.filter(isFinished).length,
      items: sum(all.map((workunit) => workunit.itemCount)),
      itemsReported: sum(all.map((workunit) => sizeOf(workunit.reported))),
      itemsFinal: sum(all.map((workunit) => sizeOf(workunit.final))),
      credit: creditOf(all, ({ itemCount }) => itemCount),
      creditReported: creditOf(all, ({ reported }) => sizeOf(reported)),
      creditFinal: creditOf(all, ({ final }) => sizeOf(final)),
      results: results.filter((result) => result.batch === batch.id).length,
    }
  }

  const isUnfinished = ({ id, state }: HeldBatch): boolean =>
    state === 'open' || (state === 'sealed' && !workunitsOf(id).every(isFinished))

  const newestFirst = ({ after, limit }: Page<BatchId>, among = [...batches.values()]) => {
    const all = [...batches.keys()]
    const end = after === undefined ? all.length : all.indexOf(after)
    return among
      .filter(({ id }) => all.indexOf(id) < end)
      .toReversed()
      .slice(0, limit)
  }

  const hold = (id: WorkunitId, owner: string, until: number): ClaimedWorkunit[] => {
    const workunit = workunits.get(id)
    if (!workunit || isFinished(workunit)) return []
    if (batches.get(workunit.batch)?.state === 'cancelled') return []
    const claim = { owner, store: thisStore, until }
    const held = { ...workunit, epoch: workunit.epoch + 1, claim }
    workunits.set(id, held)
    return [claimed(held)]
  }

  return {
    shared,

    async secret(name) {
      const known = secrets.get(name) ?? new Uint8Array(randomBytes(32))
      secrets.set(name, known)
      return known
    },

    async addBatch(batch) {
      if (batches.has(batch.id)) throw new AlreadyExistsError('batch', batch.id)
      batches.set(batch.id, { ...batch, state: 'open', finishes: 0 })
    },
    async addWorkunits(batch, from, added) {
      if (!batches.has(batch)) throw new NotFoundError('batch', batch)
      const isNew = (_: unknown, i: number) => !workunits.has(workunitIdOf(batch, from + i))
      const all = [...workunitsOf(batch), ...added.filter(isNew)]
      if (all.reduce((items, { itemCount }) => items + BigInt(itemCount), 0n) > MAX_ITEMS) {
        throw new BatchTooLargeError('items', MAX_ITEMS)
      }
      if (creditOf(all, ({ itemCount }) => itemCount) > MAX_BATCH_CREDIT) {
        throw new BatchTooLargeError('credit', MAX_BATCH_CREDIT)
      }
      added.forEach((workunit, i) => {
        const position = from + i
        const id = workunitIdOf(batch, position)
        if (workunits.has(id)) return
        workunits.set(id, {
          ...structuredClone(workunit),
          id,
          batch,
          position,
          reported: emptySet,
          final: emptySet,
          finished: null,
          epoch: 0,
          claim: null,
        })
      })
    },
    async setBatchState(id, state) {
      const batch = batches.get(id)
      if (!batch) throw new NotFoundError('batch', id)
      if (batch.state !== 'cancelled') batch.state = state
      return batch.state
    },

    async claim({ batch, limit, owner, now, until }) {
      const isFree = ({ claim }: HeldWorkunit) =>
        claim === null || claim.until <= now || (claim.owner === owner && claim.store !== thisStore)
      return workunitsOf(batch)
        .filter((workunit) => isFree(workunit) && !isFinished(workunit))
        .slice(0, limit)
        .flatMap(({ id }) => hold(id, owner, until))
    },
    async claimThese({ workunits: ids, owner, until }) {
      return [...new Set(ids)].flatMap((id) => hold(id, owner, until))
    },
    async renewClaims(owner, until, held) {
      const wanted = new Set(held)
      const mine = [...workunits.values()].filter(
        ({ claim }) => claim?.owner === owner && claim.store === thisStore,
      )
      for (const workunit of mine) {
        const claim = wanted.has(workunit.id) ? { owner, store: thisStore, until } : null
        workunits.set(workunit.id, { ...workunit, claim })
      }
      return mine.map(({ id }) => id).filter((id) => wanted.has(id))
    },
    async releaseClaims(owner) {
      for (const [id, workunit] of workunits) {
        if (workunit.claim?.owner === owner) workunits.set(id, { ...workunit, claim: null })
      }
    },

    async commit(commits) {
      commitToMemory(memory, commits)
    },

    async task(id) {
      return tasks.get(id)
    },
    async report(task, seq) {
      return reports.find((report) => report.task === task && report.seq === seq)
    },
    async reports(page) {
      return pageOf(reports, page, ({ id }) => id)
    },

    async upsertHost(seen) {
      return rememberHost(memory, seen)
    },
    async host(id) {
      return hosts.get(id)
    },
    async yields(id) {
      const mine = [...yields.values()].filter(({ host }) => host === id)
      return mine.map(({ host: _host, ...total }) => total).toSorted(byAppVersion)
    },
    async hosts({ after, limit }) {
      const ranked = [...hosts.values()]
        .map((host) => ({ host, credit: host.creditReported + host.creditFinal, id: host.id }))
        .toSorted(byRank)
      const rest = after ? ranked.filter((rank) => byRank(rank, after) > 0) : ranked
      return rest.slice(0, limit).map(({ host }) => host)
    },

    async batch(id) {
      const batch = batches.get(id)
      return batch && batchOf(batch)
    },
    async batches(page) {
      return newestFirst(page).map(batchOf)
    },
    async unfinishedBatches(page) {
      return newestFirst(page, [...batches.values()].filter(isUnfinished)).map(({ id }) => id)
    },
    async unfinishedRequests() {
      const open = [...batches.values()]
        .filter((batch) => batch.kind === 'request' && isUnfinished(batch))
        .map(batchOf)
      return {
        batches: open.length,
        workunits: sum(open.map((batch) => batch.workunits - batch.finished)),
        credit: open.reduce(
          (all, { credit, creditReported, creditFinal }) =>
            all + credit - creditReported - creditFinal,
          0n,
        ),
      }
    },
    async workunit(id) {
      const workunit = workunits.get(id)
      return workunit && stored(workunit)
    },
    async lastWorkunit(batch) {
      const last = workunitsOf(batch).at(-1)
      return last && stored(last)
    },
    async workunits(batch, page) {
      return pageOf(workunitsOf(batch), page, ({ position }) => position).map(stored)
    },
    async finishedWorkunits(batch, page) {
      const finished = workunitsOf(batch).flatMap((workunit) =>
        workunit.finished ? [{ ...stored(workunit), finished: workunit.finished }] : [],
      )
      const inOrder = finished.toSorted((a, b) => a.finished.no - b.finished.no)
      return pageOf(inOrder, page, (workunit) => workunit.finished.no)
    },
    async resultsOf(ids) {
      return results.filter(({ workunit }) => ids.includes(workunit))
    },
    async results(batch, page) {
      const mine = results.filter((result) => result.batch === batch)
      return pageOf(mine, page, ({ id }) => id)
    },
    async totals() {
      return {
        hosts: hosts.size,
        reports: reports.length,
        slices: sum(reports.map((report) => report.sliceCount)),
        items: sum(reports.map((report) => report.acceptedItems)),
        results: results.length,
        creditReported: reports.reduce((credit, report) => credit + report.creditReported, 0n),
        creditFinal: reports.reduce((credit, report) => credit + report.creditFinal, 0n),
      }
    },

    async close() {},
  }
}

function pageOf<Row>(
  rows: readonly Row[],
  { after = -1, limit }: Page,
  place: (row: Row) => number,
): Row[] {
  return rows.filter((row) => place(row) > after).slice(0, limit)
}

function byRank(a: HostRank, b: HostRank): number {
  if (a.credit !== b.credit) return a.credit > b.credit ? -1 : 1
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1
}

function byAppVersion(a: Yield, b: Yield): number {
  return a.app === b.app ? a.version - b.version : a.app < b.app ? -1 : 1
}

function stored(workunit: HeldWorkunit): StoredWorkunit {
  const { epoch: _epoch, ...rest } = claimed(workunit)
  return rest
}

function claimed({ claim: _c, finished: _f, ...workunit }: HeldWorkunit): ClaimedWorkunit {
  return workunit
}

function creditOf<One extends NewWorkunit>(
  workunits: readonly One[],
  itemsOf: (workunit: One) => number,
): Credit {
  return workunits.reduce((all, one) => all + creditFor(itemsOf(one), one.itemCost), 0n)
}

function sum(numbers: readonly number[]): number {
  const exact = numbers.reduce((total, number) => total + BigInt(number), 0n)
  return exact > MAX_ITEMS ? MAX_ITEMS : Number(exact)
}
