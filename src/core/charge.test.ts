import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appIdSchema } from '../protocol/ids.ts'
import * as v from 'valibot'
import { shareOf } from './charge.ts'
import { leaseOf, SimulatedShell, slicesOfLease, testHost } from './testing/simulatedShell.ts'

const [red, blue] = ['red', 'blue'].map((name) => v.parse(appIdSchema, name)) as [never, never]
const MANY = [1_000_000]

function shareIn(shell: SimulatedShell, app: never): bigint {
  return shareOf(shell.state, { kind: 'request', app })
}

/** The app of each of the next tasks, all of them finished. */
function appsOfNext(shell: SimulatedShell, tasks: number): string[] {
  return Array.from({ length: tasks }, (_, i) => {
    const task = leaseOf(shell, testHost(1_000 + i), 12)
    shell.report(task, slicesOfLease(task), { last: true })
    return String(task.grants[0]?.workunit).startsWith('red') ? 'red' : 'blue'
  })
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
        const apart = shareIn(shell, red) - shareIn(shell, blue)
        expect(apart < 0n ? -apart : apart).toBeLessThanOrEqual(largest)
        shell.report(task, slicesOfLease(task), { last: true })
      }
    }),
    { numRuns: 50 },
  )
})

test('twenty batches of one app get together what the one of another gets', () => {
  const shell = new SimulatedShell()
  for (let n = 0; n < 20; n++) shell.addBatch(`red-${n}`, 'request', MANY, 1n, 'red')
  shell.addBatch('blue-0', 'request', MANY, 1n, 'blue')
  const apps = appsOfNext(shell, 40)
  expect(apps.filter((app) => app === 'red')).toHaveLength(20)
})

test('an app that comes late starts level: it is neither served alone nor kept waiting', () => {
  const shell = new SimulatedShell()
  shell.addBatch('red-0', 'request', MANY, 1n, 'red')
  appsOfNext(shell, 30)
  shell.addBatch('blue-0', 'request', MANY, 1n, 'blue')
  const apps = appsOfNext(shell, 20)
  expect(apps.filter((app) => app === 'blue')).toHaveLength(10)
})

test('an app that was away is owed nothing', () => {
  const shell = new SimulatedShell()
  shell.addBatch('red-0', 'request', MANY, 1n, 'red')
  shell.addBatch('blue-0', 'request', MANY, 1n, 'blue')
  appsOfNext(shell, 2)
  shell.cancel('blue-0')
  appsOfNext(shell, 30)
  shell.addBatch('blue-1', 'request', MANY, 1n, 'blue')
  expect(appsOfNext(shell, 20).filter((app) => app === 'blue')).toHaveLength(10)
})

test('an app that was busy alone is not kept waiting when it comes back', () => {
  const shell = new SimulatedShell()
  shell.addBatch('red-0', 'request', MANY, 1n, 'red')
  appsOfNext(shell, 30)
  shell.cancel('red-0')
  shell.addBatch('blue-0', 'request', MANY, 1n, 'blue')
  appsOfNext(shell, 2)
  shell.addBatch('red-1', 'request', MANY, 1n, 'red')
  expect(appsOfNext(shell, 20).filter((app) => app === 'red')).toHaveLength(10)
})

test('an app without work keeps nobody waiting, and work given back undone is not charged', () => {
  const shell = new SimulatedShell()
  shell.addBatch('red-0', 'request', MANY, 1n, 'red')
  shell.addBatch('blue-0', 'request', [4], 1n, 'blue')
  expect(new Set(appsOfNext(shell, 10).slice(2))).toEqual(new Set(['red']))
  const before = shareIn(shell, red)
  shell.release(leaseOf(shell, testHost(1), 12))
  expect(shareIn(shell, red)).toBe(before)
})
