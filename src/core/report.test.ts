import { beforeEach, describe, expect, it } from 'vitest'
import type { HostId } from '../protocol/ids.ts'
import { FIRST_LEASE_MS, MAX_TASKS_PER_HOST } from './lease.ts'
import type { Lease } from './state.ts'
import { leaseOf, SimulatedShell, slicesOfLease, testHost } from './testing/simulatedShell.ts'

const [anna, bert] = [testHost(1), testHost(2)]
let shell: SimulatedShell

beforeEach(() => {
  shell = new SimulatedShell()
})

const lease = (host: HostId, speed = 12): Lease => leaseOf(shell, host, speed)

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
