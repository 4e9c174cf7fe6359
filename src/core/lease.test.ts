import { beforeEach, describe, expect, it } from 'vitest'
import type { HostId } from '../protocol/ids.ts'
import { rangesOf } from '../protocol/intervalSet.ts'
import { closeBatch, queuedWorkunits } from './claim.ts'
import {
  FIRST_ALLOWANCE,
  FIRST_LEASE_MS,
  LONGEST_LEASE_MS,
  MAX_TASKS_PER_HOST,
  sliceLog2,
} from './lease.ts'
import type { Lease } from './state.ts'
import { PRACTICE_MS } from './turns.ts'
import { leaseOf, SimulatedShell, slicesOfLease, testHost } from './testing/simulatedShell.ts'

const [anna, bert] = [testHost(1), testHost(2)]
let shell: SimulatedShell

beforeEach(() => {
  shell = new SimulatedShell()
})

const lease = (host: HostId, speed = 12): Lease => leaseOf(shell, host, speed)

describe('a lease', () => {
  it('fills half of ten seconds at first, in slices of half a second of that host', () => {
    shell.addBatch('request', 'request', [1_000], 1n)
    const { grants, expiresAt } = lease(anna, 64)
    expect(expiresAt).toBe(shell.now + FIRST_LEASE_MS)
    expect(grants).toMatchObject([{ start: 0, end: 320, log2: 5 }])
  })

  it('doubles with every task that was finished, up to five minutes, and not with one that was not', () => {
    shell.addBatch('request', 'request', [100_000], 1n)
    const abandoned = lease(anna)
    shell.release(abandoned)
    const lengths = Array.from({ length: 7 }, () => {
      const task = lease(anna)
      const leaseMs = task.expiresAt - shell.now
      shell.report(task, slicesOfLease(task), { last: true })
      return leaseMs
    })
    expect(lengths).toEqual([1, 2, 4, 8, 16, 30, 30].map((times) => times * FIRST_LEASE_MS))
    expect(LONGEST_LEASE_MS).toBe(30 * FIRST_LEASE_MS)
  })

  it('may span workunits, each with its own seeds', () => {
    shell.addBatch('request', 'request', [2, 3, 1, 50], 1n)
    const { grants } = lease(anna, 2)
    expect(grants.map(({ workunit, start, end }) => [workunit, start, end])).toEqual([
      ['request.0', 0, 2],
      ['request.1', 0, 3],
      ['request.2', 0, 1],
      ['request.3', 0, 4],
    ])
    expect(new Set(grants.map((grant) => grant.seed)).size).toBe(4)
  })

  it('never holds an item that another live task holds', () => {
    shell.addBatch('request', 'request', [40], 1n)
    const first = lease(anna, 4)
    const second = lease(bert, 4)
    const items = [...first.grants, ...second.grants].flatMap((grant) =>
      rangesOf([grant.start, grant.end]),
    )
    expect(items).toEqual([
      { start: 0, end: 20 },
      { start: 20, end: 40 },
    ])
    expect(shell.ask(testHost(3), 4)).toMatchObject({ status: 'noWork', reason: 'all-leased' })
  })

  it('leaves work for others, whatever speed its host claims', () => {
    shell.addBatch('request', 'request', [10_000], 1_000n)
    for (const speed of [1e9, 1e300, Number.MAX_VALUE]) {
      const { grants } = lease(testHost(50), speed)
      const worth = grants.reduce((sum, { start, end }) => sum + 1_000 * (end - start), 0)
      expect(worth).toBeLessThanOrEqual(1.25 * Number(FIRST_ALLOWANCE))
      shell.leave(testHost(50))
    }
    lease(anna, 1e300)
    lease(anna, 1e300)
    expect(shell.ask(bert, 100).status).toBe('leased')
  })

  it('may be worth more with every task that its host has finished', () => {
    shell.addBatch('request', 'request', [100_000], 1_000n)
    const worths = Array.from({ length: 4 }, () => {
      const task = lease(anna, 1e300)
      shell.report(task, slicesOfLease(task), { last: true })
      return task.grants.reduce((sum, { start, end }) => sum + 1_000 * (end - start), 0)
    })
    for (const [i, worth] of worths.entries()) {
      expect(worth).toBeLessThanOrEqual(Number(FIRST_ALLOWANCE) * 5 ** i * 1.25)
      expect(worth).toBeGreaterThanOrEqual(Number(FIRST_ALLOWANCE) * 4 ** i)
    }
  })

  it('is refused to a host that holds two already', () => {
    shell.addBatch('request', 'request', [10_000], 1n)
    for (let i = 0; i < MAX_TASKS_PER_HOST; i++) lease(anna)
    expect(shell.ask(anna, 12)).toMatchObject({ status: 'noWork', reason: 'too-many-tasks' })
  })

  it('says why there is none', () => {
    expect(shell.ask(anna, 12)).toMatchObject({ status: 'noWork', reason: 'no-batches' })
  })

  it.each([
    [0, 1, 0],
    [1, 1_000, 0],
    [1_000, 1, 8],
    [1e30, 1, 30],
  ])('of a host of speed %d gets slices of items that cost %d at 2^%d', (speed, cost, log2) => {
    expect(sliceLog2(speed, cost)).toBe(log2)
  })
})

describe('the order of batches', () => {
  const batchOf = (task: Lease) => task.grants[0]?.workunit.split('.')[0]

  it('is practice for newcomers, then the frontier', () => {
    shell.addBatch('frontier', 'frontier', [100_000], 1n)
    shell.addBatch('practice', 'practice', [100_000], 1n)
    for (let i = 0; i < 3; i++) {
      const task = lease(anna)
      expect(batchOf(task)).toBe('practice')
      shell.release(task)
    }
    shell.pass(PRACTICE_MS)
    expect(batchOf(lease(anna))).toBe('frontier')
    expect(batchOf(lease(bert))).toBe('practice')
  })

  it('is requests before the frontier, and every other task of a newcomer is practice even then', () => {
    shell.addBatch('frontier', 'frontier', [100_000], 1n)
    shell.addBatch('practice', 'practice', [100_000], 1n)
    shell.addBatch('wanted', 'request', [100_000], 1n)
    const names = Array.from({ length: 4 }, () => {
      const task = lease(anna)
      shell.release(task)
      return batchOf(task)
    })
    expect(names).toEqual(['practice', 'wanted', 'practice', 'wanted'])
    shell.pass(PRACTICE_MS)
    expect(batchOf(lease(anna))).toBe('wanted')
  })

  it('shares hosts evenly between requests, and a new one starts level', () => {
    shell.addBatch('early', 'request', [100_000], 1n)
    for (let i = 0; i < 10; i++) lease(testHost(100 + i))
    shell.addBatch('late', 'request', [100_000], 1n)
    const counts = { early: 0, late: 0 }
    for (let i = 0; i < 20; i++) {
      const [name] = (lease(testHost(200 + i)).grants[0]?.workunit ?? '').split('.')
      if (name === 'early' || name === 'late') counts[name]++
    }
    expect(counts).toEqual({ early: 10, late: 10 })
  })

  it('does not charge a batch for work that was leased and not done', () => {
    shell.addBatch('early', 'request', [100_000], 1n)
    shell.addBatch('late', 'request', [100_000], 1n)
    const broken = lease(anna, 1_000)
    shell.release(broken)
    expect(lease(bert).grants[0]?.workunit).toBe(broken.grants[0]?.workunit)
  })

  it('leaves out a batch that was cancelled, and what is still reported of it does not count', () => {
    shell.addBatch('wanted', 'request', [100], 1n)
    const task = lease(anna)
    shell.state = closeBatch(shell.state, task.grants[0]?.workunit.split('.')[0] as never)
    expect(shell.ask(bert, 12)).toMatchObject({ status: 'noWork', reason: 'no-batches' })
    expect(shell.report(task, slicesOfLease(task))).toMatchObject({
      status: 'accepted',
      acceptedItems: 0,
    })
  })

  it('knows how many workunits wait, so that the shell can claim more', () => {
    shell.addBatch('wanted', 'request', [1, 1, 1], 1n)
    expect(queuedWorkunits(shell.state, 'wanted' as never)).toBe(3)
  })
})
