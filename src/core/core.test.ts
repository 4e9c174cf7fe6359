import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { HostId } from '../protocol/ids.ts'
import { rangesOf } from '../protocol/intervalSet.ts'
import { closeBatch, queuedWorkunits } from './claim.ts'
import {
  FIRST_ALLOWANCE,
  FIRST_LEASE_MS,
  LONGEST_LEASE_MS,
  MAX_TASKS_PER_HOST,
  PRACTICE_MS,
  sliceLog2,
} from './lease.ts'
import { heldItems, SimulatedShell, slicesOfLease, testHost } from './testing/simulatedShell.ts'
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

  it('without a seal leaves its task open, so that the host owes its signature', () => {
    const task = lease(anna)
    shell.report(task, slicesOfLease(task))
    expect(shell.state.tasks.has(task.task)).toBe(true)
    shell.report(task, [], { last: true })
    expect(shell.state.tasks.has(task.task)).toBe(false)
  })

  it('of a task that the coordinator forgot counts, and the task is in the books of its host again', () => {
    const task = lease(anna)
    shell.crash()
    const [first] = slicesOfLease(task)
    if (first === undefined) throw new Error('no slice')
    expect(shell.report(task, [first])).toMatchObject({ refused: [] })
    expect(shell.state.hosts.get(anna)?.tasks).toEqual([task.task])
    shell.leave(anna)
    expect(shell.state.tasks.isEmpty()).toBe(true)
  })

  it('that is repeated after its seal does not bring its task back into the books', () => {
    for (let i = 0; i < MAX_TASKS_PER_HOST; i++) {
      const task = lease(anna, 2)
      const [first] = slicesOfLease(task)
      if (first === undefined) throw new Error('no slice')
      shell.report(task, [first], { last: true })
      expect(shell.report(task, [first], { seq: 0, last: true })).toEqual({ status: 'replayed' })
    }
    expect(shell.ask(anna, 12).status).toBe('leased')
  })

  it('of a task that was given back makes it hold again only while its host has room', () => {
    const given = Array.from({ length: MAX_TASKS_PER_HOST + 1 }, () => {
      const task = lease(anna, 2)
      shell.release(task)
      return task
    })
    for (const task of given) shell.report(task, [])
    expect(shell.state.hosts.get(anna)?.tasks).toHaveLength(MAX_TASKS_PER_HOST)
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
  const speed = fc.oneof(fc.nat(60), fc.constantFrom(0, 1e6, 1e300))
  const kinds = ['request', 'practice', 'frontier'] as const
  const act = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('ask' as const), host: fc.nat(4), speed }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('report' as const),
        lease: fc.nat(30),
        from: fc.nat(20),
        count: fc.nat(6),
        last: fc.boolean(),
        bad: fc.boolean(),
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
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('submit' as const),
        as: fc.constantFrom(...kinds),
        counts: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), batch: fc.nat(5) }) },
  )
  type Act = typeof act extends fc.Arbitrary<infer One> ? One : never
  const world = fc.record({
    counts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
    acts: fc.array(act, { maxLength: 80 }),
  })

  it('every item ends done exactly once, credited exactly once, and no item is held twice', () => {
    fc.assert(
      fc.property(world, ({ counts, acts }) => {
        shell = new SimulatedShell()
        const batches = ['batch-0']
        shell.addBatch('batch-0', 'request', counts)
        for (const one of acts) {
          perform(one, batches)
          holdsWhatIsLeased()
        }
        // Then the world calms down: one honest host can finish everything that is left.
        for (let round = 0; !shell.isFinished(); round++) {
          if (round > 600) throw new Error('work was lost: it is neither done nor leasable')
          shell.pass(2 * LONGEST_LEASE_MS)
          const outcome = shell.ask(testHost(9), 40)
          if (outcome.status === 'leased') {
            shell.report(outcome.lease, slicesOfLease(outcome.lease), { last: true })
          }
        }
        for (const [id, times] of shell.credits) {
          const cancelled = !batches.includes(id.split('.')[0] ?? '')
          expect(times.every((one) => one === 1 || (cancelled && one === 0))).toBe(true)
        }
        const counted = [...shell.credits.values()].flat().filter((times) => times === 1)
        expect(shell.granted).toBe(3n * BigInt(counted.length))
      }),
      { numRuns: 400 },
    )
  })

  /** A workunit's leased set is the sum of what its tasks hold, no item twice; no batch is charged less than that. */
  function holdsWhatIsLeased(): void {
    for (const workunit of shell.state.workunits.values()) {
      const leased = rangesOf(workunit.leased).flatMap(({ start, end }) =>
        Array.from({ length: end - start }, (_, i) => start + i),
      )
      expect(heldItems(shell.state, workunit.id)).toEqual(leased)
    }
    for (const batch of shell.state.batches.values()) {
      expect(batch.leasedCredit).toBeGreaterThanOrEqual(0n)
    }
  }

  function perform(one: Act, batches: string[]): void {
    const leaseOf = (index: number) => shell.leases[index % shell.leases.length]
    switch (one.kind) {
      case 'ask':
        shell.ask(testHost(one.host), one.speed)
        return
      case 'report': {
        const of = leaseOf(one.lease)
        if (of === undefined) return
        const slices = slicesOfLease(of).slice(one.from % 8, (one.from % 8) + one.count)
        shell.report(of, slices, { last: one.last, bad: one.bad })
        return
      }
      case 'replay': {
        const of = leaseOf(one.lease)
        if (of !== undefined) shell.report(of, slicesOfLease(of), { seq: one.seq })
        return
      }
      case 'release': {
        const of = leaseOf(one.lease)
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
        return
      case 'submit':
        batches.push(`batch-${shell.batchesAdded}`)
        shell.addBatch(`batch-${shell.batchesAdded}`, one.as, one.counts)
        return
      case 'cancel': {
        const [name] = batches.splice(one.batch % Math.max(1, batches.length), 1)
        if (name !== undefined) shell.cancel(name)
      }
    }
  }
})
