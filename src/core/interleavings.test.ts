import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rangesOf } from '../protocol/intervalSet.ts'
import { LONGEST_LEASE_MS } from './lease.ts'
import { heldItems, SimulatedShell, slicesOfLease, testHost } from './testing/simulatedShell.ts'

let shell: SimulatedShell

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
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('dispute' as const),
        workunits: fc.array(fc.nat(12), { minLength: 1, maxLength: 3 }),
      }),
    },
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
      case 'dispute': {
        const ids = [...shell.credits.keys()]
        const named = one.workunits.flatMap((index) => ids[index % ids.length] ?? [])
        shell.dispute(new Set(named))
        return
      }
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
