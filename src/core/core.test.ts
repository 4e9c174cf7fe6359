import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { HostId } from '../protocol/ids.ts'
import { rangesOf } from '../protocol/intervalSet.ts'
import { closeBatch, queuedWorkunits } from './claim.ts'
import {
  FIRST_LEASE_MS,
  LONGEST_LEASE_MS,
  MAX_TASKS_PER_HOST,
  PRACTICE_MS,
  sliceLog2,
} from './lease.ts'
import { heldItems, SimulatedShell, slicesOfLease, testHost } from './simulatedShell.ts'
import type { Lease } from './state.ts'

const [anna, bert] = [testHost(1), testHost(2)]
let shell: SimulatedShell

beforeEach(() => {
  shell = new SimulatedShell()
})

/** Leases or fails the test. */
function lease(host: HostId, speed = 12): Lease {
  const outcome = shell.ask(host, speed)
  if (outcome.status !== 'leased') throw new Error(`no work: ${outcome.reason}`)
  return outcome.lease
}

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
  it('is requests, then practice for newcomers, then the frontier', () => {
    shell.addBatch('frontier', 'frontier', [100_000], 1n)
    shell.addBatch('practice', 'practice', [100_000], 1n)
    const batchOf = (task: Lease) => task.grants[0]?.workunit.split('.')[0]
    const first = lease(anna)
    expect(batchOf(first)).toBe('practice')
    shell.release(first)
    shell.pass(PRACTICE_MS)
    expect(batchOf(lease(anna))).toBe('frontier')
    expect(batchOf(lease(bert))).toBe('practice')
    shell.addBatch('wanted', 'request', [100_000], 1n)
    expect(batchOf(lease(testHost(3)))).toBe('wanted')
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

describe('a report', () => {
  beforeEach(() => shell.addBatch('wanted', 'request', [64]))

  it('counts its slices once and is credited by the published item cost', () => {
    const task = lease(anna)
    const slices = slicesOfLease(task)
    const items = slices.reduce((sum, slice) => sum + 2 ** slice.log2, 0)
    expect(shell.report(task, slices)).toMatchObject({
      status: 'accepted',
      acceptedItems: items,
      credit: 3n * BigInt(items),
      standing: 'final',
      refused: [],
    })
  })

  it('that is replayed changes nothing', () => {
    const task = lease(anna)
    shell.report(task, slicesOfLease(task).slice(0, 1))
    const before = shell.state
    expect(shell.report(task, slicesOfLease(task).slice(0, 1), { seq: 0 })).toEqual({
      status: 'replayed',
    })
    expect(shell.state).toBe(before)
  })

  it('that runs ahead of its turn changes nothing', () => {
    const task = lease(anna)
    const before = shell.state
    expect(shell.report(task, slicesOfLease(task), { seq: 1 })).toEqual({
      status: 'outOfTurn',
      expected: 0,
    })
    expect(shell.state).toBe(before)
  })

  it('that is late counts once, and only if its items were still undone', () => {
    const late = lease(anna)
    shell.pass(FIRST_LEASE_MS)
    const [first, ...others] = slicesOfLease(late)
    if (first === undefined) throw new Error('no slice')
    expect(shell.report(late, [first])).toMatchObject({
      refused: [],
      acceptedItems: 2 ** first.log2,
    })
    const again = lease(bert, 1_000)
    shell.report(again, slicesOfLease(again))
    expect(shell.report(late, others)).toMatchObject({ acceptedItems: 0, credit: 0n })
  })

  it('that counts keeps its lease alive, so that a slow host is not overtaken', () => {
    const task = lease(anna)
    const [first, second, ...rest] = slicesOfLease(task)
    if (first === undefined || second === undefined) throw new Error('two slices expected')
    shell.pass(FIRST_LEASE_MS - 1)
    shell.report(task, [first])
    shell.pass(FIRST_LEASE_MS - 1)
    shell.report(task, [second])
    const other = lease(bert, 1_000)
    shell.report(other, slicesOfLease(other))
    expect(shell.report(task, rest)).toMatchObject({
      refused: [],
      acceptedItems: expect.any(Number),
    })
  })

  it('that counts nothing does not', () => {
    const task = lease(anna)
    shell.pass(FIRST_LEASE_MS - 1)
    shell.report(task, [])
    shell.pass(1)
    expect(shell.state.tasks.has(task.task)).toBe(false)
  })

  it('counts a slice whole or not at all', () => {
    const late = lease(anna, 12)
    shell.pass(FIRST_LEASE_MS)
    const finer = lease(bert, 1)
    shell.report(finer, slicesOfLease(finer).slice(0, 1))
    const [first] = slicesOfLease(late)
    if (first === undefined) throw new Error('no slice')
    expect(first.log2).toBeGreaterThan(0)
    expect(shell.report(late, [first])).toMatchObject({ refused: [[0, 'done']], acceptedItems: 0 })
  })

  it('does not count slices that were not leased, nor the same slice twice, nor one whose output is wrong', () => {
    const task = lease(anna)
    const [first, second] = slicesOfLease(task)
    if (first === undefined || second === undefined) throw new Error('two slices expected')
    const foreign = [
      { ...first, grant: 9 },
      { ...first, log2: first.log2 + 1 },
      { ...first, start: first.start + 1 },
      { ...first, start: 48, log2: first.log2 },
    ]
    expect(shell.report(task, [...foreign, first, first])).toMatchObject({
      accepted: [4],
      refused: [
        [0, 'not-leased'],
        [1, 'not-leased'],
        [2, 'not-leased'],
        [3, 'not-leased'],
        [5, 'done'],
      ],
    })
    expect(shell.report(task, [second], { bad: true })).toMatchObject({
      refused: [[0, 'bad-output']],
    })
  })
})

describe('whatever happens in whatever order', () => {
  const act = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('ask' as const),
        host: fc.nat(4),
        speed: fc.nat(60),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('report' as const),
        lease: fc.nat(30),
        from: fc.nat(20),
        count: fc.nat(6),
        last: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('replay' as const),
        lease: fc.nat(30),
        seq: fc.nat(3),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('release' as const), lease: fc.nat(30) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), host: fc.nat(4) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(20_000) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  )
  const world = fc.record({
    counts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
    acts: fc.array(act, { maxLength: 80 }),
  })

  it('every item ends done exactly once, credited exactly once, and no item is held twice', () => {
    fc.assert(
      fc.property(world, ({ counts, acts }) => {
        shell = new SimulatedShell()
        shell.addBatch('wanted', 'request', counts)
        for (const one of acts) {
          perform(one)
          for (const workunit of shell.state.workunits.values()) {
            const held = heldItems(shell.state, workunit.id)
            expect(new Set(held).size).toBe(held.length)
            const leased = rangesOf(workunit.leased).flatMap(({ start, end }) =>
              Array.from({ length: end - start }, (_, i) => start + i),
            )
            expect(held).toEqual(leased)
          }
        }
        // Then the world calms down: one honest host can finish everything that is left.
        shell.pass(2 * LONGEST_LEASE_MS)
        for (let round = 0; !shell.isFinished(); round++) {
          if (round > 400) throw new Error('work was lost: it is neither done nor leasable')
          shell.pass(LONGEST_LEASE_MS)
          const outcome = shell.ask(testHost(9), 40)
          if (outcome.status === 'leased') {
            shell.report(outcome.lease, slicesOfLease(outcome.lease), { last: true })
          }
        }
        const counted = [...shell.credits.values()].flat()
        expect(counted.every((times) => times === 1)).toBe(true)
        expect(shell.granted).toBe(3n * BigInt(counted.length))
      }),
      { numRuns: 300 },
    )
  })

  function perform(one: typeof act extends fc.Arbitrary<infer Act> ? Act : never): void {
    const leases = shell.leases
    switch (one.kind) {
      case 'ask':
        shell.ask(testHost(one.host), one.speed)
        return
      case 'report': {
        const of = leases[one.lease % leases.length]
        if (of === undefined) return
        const slices = slicesOfLease(of).slice(one.from % 8, (one.from % 8) + one.count)
        shell.report(of, slices, { last: one.last })
        return
      }
      case 'replay': {
        const of = leases[one.lease % leases.length]
        if (of !== undefined) shell.report(of, slicesOfLease(of), { seq: one.seq })
        return
      }
      case 'release': {
        const of = leases[one.lease % leases.length]
        if (of !== undefined) shell.release(of)
        return
      }
      case 'leave':
        shell.leave(testHost(one.host))
        return
      case 'pass':
        shell.pass(one.ms)
        return
      case 'crash':
        shell.crash()
    }
  }
})
