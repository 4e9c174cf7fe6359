import { randomBytes } from 'node:crypto'
import { AlreadyExistsError, NotFoundError } from '../../../protocol/errors.ts'
import { workunitIdOf, type BatchId } from '../../../protocol/ids.ts'
import { emptySet, sizeOf } from '../../../protocol/intervalSet.ts'
import { BatchTooLargeError } from '../errors.ts'
import type {
  BatchState,
  ClaimedWorkunit,
  HostRank,
  NewBatch,
  Page,
  Store,
  StoredBatch,
  StoredWorkunit,
} from '../store.ts'
import { commitToMemory } from './commitToMemory.ts'
import { emptyMemory, isFinished, rememberHost, type HeldWorkunit, type Memory } from './memory.ts'

const MAX_ITEMS = Number.MAX_SAFE_INTEGER

/** The contract in its plainest form: every question is answered by looking at everything. For tests; nothing is durable. */
export function openMemoryStore(memory: Memory = emptyMemory()): Store {
  const { secrets, batches, workunits, hosts, tasks, reports, results } = memory
  const thisStore = Symbol('store')

  const workunitsOf = (batch: BatchId) =>
    [...workunits.values()]
      .filter((workunit) => workunit.batch === batch)
      .toSorted((a, b) => a.position - b.position)

  const batchOf = (batch: NewBatch & { state: BatchState }): StoredBatch => {
    const all = workunitsOf(batch.id)
    return {
      ...batch,
      workunits: all.length,
      finished: all.filter(isFinished).length,
      items: sum(all.map((workunit) => workunit.itemCount)),
      itemsReported: sum(all.map((workunit) => sizeOf(workunit.reported))),
      itemsFinal: sum(all.map((workunit) => sizeOf(workunit.final))),
      results: results.filter((result) => result.batch === batch.id).length,
    }
  }

  const newestFirst = ({ after, limit }: Page<BatchId>) => {
    const oldest = [...batches.values()]
    const end = after === undefined ? oldest.length : oldest.findIndex(({ id }) => id === after)
    return oldest.slice(0, Math.max(end, 0)).toReversed().slice(0, limit)
  }

  const take = (
    candidates: readonly HeldWorkunit[],
    { owner, now, until }: { owner: string; now: number; until: number },
    limit = Infinity,
  ): ClaimedWorkunit[] => {
    const taken: ClaimedWorkunit[] = []
    for (const { id } of candidates) {
      const workunit = workunits.get(id)
      if (taken.length === limit || !workunit) break
      const { claim, batch } = workunit
      const free =
        claim === null || claim.until <= now || (claim.owner === owner && claim.store !== thisStore)
      if (!free || isFinished(workunit) || batches.get(batch)?.state === 'cancelled') continue
      const held = {
        ...workunit,
        epoch: workunit.epoch + 1,
        claim: { owner, store: thisStore, until },
      }
      workunits.set(id, held)
      taken.push(claimed(held))
    }
    return taken
  }

  return {
    async secret(name) {
      const known = secrets.get(name) ?? new Uint8Array(randomBytes(32))
      secrets.set(name, known)
      return known
    },

    async addBatch(batch) {
      if (batches.has(batch.id)) throw new AlreadyExistsError('batch', batch.id)
      batches.set(batch.id, { ...batch, state: 'open' })
    },
    async addWorkunits(batch, from, added) {
      if (!batches.has(batch)) throw new NotFoundError('batch', batch)
      const isNew = (_: unknown, i: number) => !workunits.has(workunitIdOf(batch, from + i))
      const all = [...workunitsOf(batch), ...added.filter(isNew)]
      if (all.reduce((items, { itemCount }) => items + BigInt(itemCount), 0n) > MAX_ITEMS) {
        throw new BatchTooLargeError('items', MAX_ITEMS)
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
          epoch: 0,
          claim: null,
        })
      })
    },
    async setBatchState(id, state) {
      const batch = batches.get(id)
      if (!batch) throw new NotFoundError('batch', id)
      batch.state = state
    },

    async claim({ batch, limit, ...by }) {
      return take(workunitsOf(batch), by, limit)
    },
    async claimThese({ workunits: ids, ...by }) {
      return take(
        ids.flatMap((id) => workunits.get(id) ?? []),
        by,
      )
    },
    async renewClaims(owner, until) {
      for (const [id, workunit] of workunits) {
        const { claim } = workunit
        if (claim?.owner !== owner || claim.store !== thisStore) continue
        workunits.set(id, { ...workunit, claim: { ...claim, until } })
      }
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
    async batchIds(page) {
      return newestFirst(page).map(({ id }) => id)
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

function stored(workunit: HeldWorkunit): StoredWorkunit {
  const { epoch: _epoch, ...rest } = claimed(workunit)
  return rest
}

function claimed({ claim: _claim, ...workunit }: HeldWorkunit): ClaimedWorkunit {
  return workunit
}

function sum(numbers: readonly number[]): number {
  const exact = numbers.reduce((total, number) => total + BigInt(number), 0n)
  return exact > MAX_ITEMS ? MAX_ITEMS : Number(exact)
}
