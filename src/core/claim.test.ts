import { expect, test } from 'vitest'
import { forgetWorkunits } from './claim.ts'
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
