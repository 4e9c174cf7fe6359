import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appIdSchema } from '../protocol/ids.ts'
import * as v from 'valibot'
import { shareOf } from './charge.ts'
import { PRACTICE_MS } from './turns.ts'
import { leaseOf, SimulatedShell, slicesOfLease, testHost } from './testing/simulatedShell.ts'

const [RED, BLUE] = ['red', 'blue'].map((name) => v.parse(appIdSchema, name)) as [never, never]
const MANY = [1_000_000]

function shareIn(shell: SimulatedShell, app: never): bigint {
  return shareOf(shell.state, { kind: 'request', app })
}

/** Credit of each app in the next tasks, all of them finished. */
function creditOfNext(shell: SimulatedShell, tasks: number): { red: number; blue: number } {
  const credit = { red: 0, blue: 0 }
  for (let i = 0; i < tasks; i++) {
    const task = leaseOf(shell, testHost(1_000 + i), 12)
    for (const { workunit, start, end } of task.grants) {
      credit[workunit.startsWith('red') ? 'red' : 'blue'] += end - start
    }
    shell.report(task, slicesOfLease(task), { last: true })
  }
  return credit
}

/** How far the two are apart, as a share of both: slices are whole, so that it is not nothing. */
function unevenness({ red, blue }: { red: number; blue: number }): number {
  return Math.abs(red - blue) / (red + blue)
}

test('two apps get the same, to within one task, however many batches each has and whatever items cost', () => {
  const world = fc.record({
    batches: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })),
    costs: fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 })),
    speeds: fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 60 }),
  })
  fc.assert(
    fc.property(world, ({ batches, costs, speeds }) => {
      const shell = new SimulatedShell()
      for (const [i, name] of ['red', 'blue'].entries()) {
        for (let n = 0; n < (batches[i] ?? 1); n++) {
          shell.addBatch(`${name}-${n}`, 'request', MANY, BigInt(costs[i] ?? 1), name)
        }
      }
      shell.now += 10_000_000
      let largest = 0n
      for (const [i, speed] of speeds.entries()) {
        const task = leaseOf(shell, testHost(i % 7), speed)
        const { worth } = shell.state.tasks.get(task.task) ?? { worth: 0n }
        largest = worth > largest ? worth : largest
        const apart = shareIn(shell, RED) - shareIn(shell, BLUE)
        expect(apart < 0n ? -apart : apart).toBeLessThanOrEqual(largest)
        shell.report(task, slicesOfLease(task), { last: true })
      }
    }),
    { numRuns: 50 },
  )
})

test('a task is shared by the apps that have work, so that none waits for the end of it', () => {
  const shell = new SimulatedShell()
  shell.addBatch('red-0', 'request', MANY, 1n, 'red')
  shell.addBatch('blue-0', 'request', MANY, 1n, 'blue')
  const { red, blue } = creditOfNext(shell, 1)
  expect(Math.min(red, blue)).toBeGreaterThan((red + blue) / 3)
})

test('what one app does not have goes to another before anything that comes later', () => {
  const shell = new SimulatedShell()
  shell.addBatch('red-0', 'request', MANY, 1n, 'red')
  shell.addBatch('blue-0', 'request', [4], 1n, 'blue')
  shell.addBatch('blue-f', 'frontier', MANY, 1n, 'blue')
  shell.now += 1
  leaseOf(shell, testHost(1), 64)
  shell.pass(PRACTICE_MS)
  const { red, blue } = creditOfNext(shell, 1)
  expect([red > 50, blue]).toEqual([true, 4])
})

test('twenty batches of one app get together what the one of another gets', () => {
  const shell = new SimulatedShell()
  for (let n = 0; n < 20; n++) shell.addBatch(`red-${n}`, 'request', MANY, 1n, 'red')
  shell.addBatch('blue-0', 'request', MANY, 1n, 'blue')
  expect(unevenness(creditOfNext(shell, 40))).toBeLessThan(0.1)
})

test('an app that comes late starts level: it is neither served alone nor kept waiting', () => {
  const shell = new SimulatedShell()
  shell.addBatch('red-0', 'request', MANY, 1n, 'red')
  creditOfNext(shell, 30)
  shell.addBatch('blue-0', 'request', MANY, 1n, 'blue')
  expect(unevenness(creditOfNext(shell, 20))).toBeLessThan(0.1)
})

test('an app that was away is owed nothing', () => {
  const shell = new SimulatedShell()
  shell.addBatch('red-0', 'request', MANY, 1n, 'red')
  shell.addBatch('blue-0', 'request', MANY, 1n, 'blue')
  creditOfNext(shell, 2)
  shell.cancel('blue-0')
  creditOfNext(shell, 30)
  shell.addBatch('blue-1', 'request', MANY, 1n, 'blue')
  expect(unevenness(creditOfNext(shell, 20))).toBeLessThan(0.1)
})

test('an app that was busy alone is not kept waiting when it comes back', () => {
  const shell = new SimulatedShell()
  shell.addBatch('red-0', 'request', MANY, 1n, 'red')
  creditOfNext(shell, 30)
  shell.cancel('red-0')
  shell.addBatch('blue-0', 'request', MANY, 1n, 'blue')
  creditOfNext(shell, 2)
  shell.addBatch('red-1', 'request', MANY, 1n, 'red')
  expect(unevenness(creditOfNext(shell, 20))).toBeLessThan(0.1)
})

test('an app whose batch is done is owed nothing either, as long as it asks for nothing', () => {
  const shell = new SimulatedShell()
  shell.addBatch('red-0', 'request', [4], 1n, 'red')
  shell.addBatch('blue-0', 'request', MANY, 1n, 'blue')
  creditOfNext(shell, 30)
  shell.addBatch('red-1', 'request', MANY, 1n, 'red')
  expect(unevenness(creditOfNext(shell, 20))).toBeLessThan(0.1)
})

test('work given back undone is not charged', () => {
  const shell = new SimulatedShell()
  shell.addBatch('red-0', 'request', MANY, 1n, 'red')
  const before = shareIn(shell, RED)
  shell.release(leaseOf(shell, testHost(1), 12))
  expect(shareIn(shell, RED)).toBe(before)
})
