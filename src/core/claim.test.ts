import { expect, test } from 'vitest'
import { forgetWorkunits, queuedWorkunits } from './claim.ts'
import { endTask } from './task.ts'
import { leaseOf, SimulatedShell, slicesOfLease, testHost } from './testing/simulatedShell.ts'

const host = testHost(1)

test('what another coordinator took is leased here no more, and its tasks hold nothing', () => {
  const shell = new SimulatedShell()
  shell.addBatch('wanted', 'request', [64, 64])
  const lease = leaseOf(shell, host, 12)
  const [first] = lease.grants
  if (first === undefined) throw new Error('no grant')
  const state = forgetWorkunits(shell.state, new Set([first.workunit]))
  expect(state.workunits.has(first.workunit)).toBe(false)
  expect(state.workunits.size).toBe(1)
  expect(state.tasks.size).toBe(0)
  expect(state.hosts.get(host)?.tasks).toEqual([])
})

test('what was forgotten waits in no queue, and comes back to it when it is claimed again', () => {
  const shell = new SimulatedShell()
  shell.addBatch('wanted', 'request', Array<number>(100).fill(4))
  const batch = [...shell.state.batches.keys()][0]
  if (batch === undefined) throw new Error('no batch')
  const all = new Set(shell.state.workunits.keys())
  const state = forgetWorkunits(shell.state, all)
  expect(queuedWorkunits(state, batch)).toBe(0)
  shell.dispute(all)
  expect(queuedWorkunits(shell.state, batch)).toBe(100)
})

test('a queue in which nothing can be leased is empty after it was looked at', () => {
  const shell = new SimulatedShell()
  shell.addBatch('wanted', 'request', Array<number>(100).fill(1), 1n)
  const batch = [...shell.state.batches.keys()][0]
  if (batch === undefined) throw new Error('no batch')
  // All of it is leased, so that whoever asks next finds nothing.
  expect(leaseOf(shell, host, 1_000).grants).toHaveLength(100)
  expect(shell.ask(testHost(2), 1_000)).toMatchObject({ status: 'noWork', reason: 'all-leased' })
  expect(queuedWorkunits(shell.state, batch)).toBe(0)
})

test('a host whose work was taken elsewhere has not shown that it finishes', () => {
  const shell = new SimulatedShell()
  shell.addBatch('wanted', 'request', [64])
  const before = leaseOf(shell, host, 12)
  const ids = new Set(before.grants.map((grant) => grant.workunit))
  const state = endTask(forgetWorkunits(shell.state, ids), before.task)
  expect(state.hosts.get(host)).toMatchObject({ nextLeaseMs: 10_000, allowance: 400_000n })
})

test('a task that was forgotten is taken up again by its next report', () => {
  const shell = new SimulatedShell()
  shell.addBatch('wanted', 'request', [64])
  const lease = leaseOf(shell, host, 12)
  const slices = slicesOfLease(lease)
  shell.report(lease, slices.slice(0, 1))
  shell.dispute(new Set(lease.grants.map((grant) => grant.workunit)))
  expect(shell.report(lease, slices.slice(0, 1))).toMatchObject({ refused: [[0, 'done']] })
  expect(shell.report(lease, slices.slice(1))).toMatchObject({ refused: [] })
  expect(shell.state.tasks.get(lease.task)?.nextSeq).toBe(3)
})
