import { expect, test } from 'vitest'
import { FencedError, ReportOrderError } from '../../protocol/errors.ts'
import { NotCommittedError } from '../errors.ts'
import type { Commit } from '../stores/store.ts'
import type { Conflict } from './conflict.ts'
import { GroupCommitter } from './groupCommitter.ts'

/** A commit of the first report of a task that says something of these workunits; nothing else of it matters here. */
const commit = (task: string, ...workunits: string[]) =>
  ({
    report: { task, slices: new Uint8Array(), ack: '' },
    workunits: workunits.map((id) => ({ id })),
    results: [],
  }) as unknown as Commit
const looked = (one: Commit) => one.workunits.map(({ id }) => id)
const taskOf = ({ report }: Commit) => report.task

const never = {
  onConflict: () => {
    throw new Error('there was no conflict')
  },
  onFailure: () => {
    throw new Error('nothing failed')
  },
}

test('what arrives while a group is written makes up the next one, in order', async () => {
  const groups: (readonly Commit[])[] = []
  let open = () => {}
  const committer = new GroupCommitter({
    ...never,
    write: (group) => {
      groups.push(group)
      return new Promise((resolve) => {
        open = resolve
      })
    },
  })
  const first = committer.add(commit('a'), [])
  await expect.poll(() => groups.length, { timeout: 20_000 }).toBe(1)
  const others = [committer.add(commit('b'), []), committer.add(commit('c'), [])]
  open()
  await first
  await expect.poll(() => groups.length, { timeout: 20_000 }).toBe(2)
  open()
  await Promise.all(others)
  expect(groups).toEqual([[commit('a')], [commit('b'), commit('c')]])
})

test('a group that fails takes along what waits behind it, and the next begins anew', async () => {
  const heard: string[] = []
  let fail: ((error: Error) => void) | undefined
  let failing = true
  const committer = new GroupCommitter({
    ...never,
    write: () =>
      failing
        ? new Promise((_, reject) => {
            fail = reject
          })
        : Promise.resolve(),
    onFailure: () => heard.push('failure'),
  })
  const told = async (promise: Promise<void>, name: string) => {
    await expect(promise).rejects.toBeInstanceOf(NotCommittedError)
    heard.push(name)
  }
  const first = told(committer.add(commit('a'), []), 'a')
  await expect.poll(() => fail, { timeout: 20_000 }).toBeDefined()
  const second = told(committer.add(commit('b'), []), 'b')
  fail?.(new Error('disk full'))
  await Promise.all([first, second])
  expect(heard).toEqual(['failure', 'a', 'b'])

  failing = false
  await committer.add(commit('c'), [])
  await committer.idle()
})

test('what another coordinator took costs the commits that build on it, and no others', async () => {
  const written: string[][] = []
  const conflicts: Conflict[] = []
  const committer = new GroupCommitter({
    ...never,
    write: async (group) => {
      if (group.some(({ workunits }) => workunits.some(({ id }) => String(id) === 'b.1'))) {
        throw new FencedError(['b.1'])
      }
      written.push(group.map(taskOf))
    },
    onConflict: (conflict) => conflicts.push(conflict),
  })
  const outcome = (promise: Promise<void>) =>
    promise.then(
      () => 'written',
      (error: unknown) => error instanceof NotCommittedError && error.cause,
    )
  const outcomes = await Promise.all(
    [
      commit('free', 'b.3'),
      commit('fenced', 'b.1', 'b.2'),
      commit('beside', 'b.2', 'b.4'),
      commit('beyond', 'b.4'),
      commit('other', 'b.5'),
    ].map((one) => outcome(committer.add(one, looked(one)))),
  )
  const fenced = expect.any(FencedError)
  expect(outcomes).toEqual(['written', fenced, fenced, fenced, 'written'])
  expect(written).toEqual([['free', 'other']])
  expect(conflicts).toEqual([
    {
      workunits: new Set(['b.1', 'b.2', 'b.4']),
      tasks: new Set(['fenced', 'beside', 'beyond']),
      taken: new Set(['b.1']),
    },
  ])
})

test('what was refused because of a commit that is lost is decided on anew as well', async () => {
  const committer = new GroupCommitter({
    ...never,
    write: async (group) => {
      if (group.some((one) => String(taskOf(one)) === 'ahead')) {
        throw new ReportOrderError('ahead', 3, 4)
      }
    },
    onConflict: () => {},
  })
  const first = commit('ahead', 'b.1')
  const lost = committer.add(first, looked(first))
  // It names a workunit of which nothing counted: the first had it all.
  const refused = committer.add(commit('late'), looked(first))
  await expect(lost).rejects.toBeInstanceOf(NotCommittedError)
  await expect(refused).rejects.toBeInstanceOf(NotCommittedError)
})

test('a group is never larger than a transaction should be', async () => {
  const sizes: number[] = []
  const committer = new GroupCommitter({
    ...never,
    write: async (group) => void sizes.push(group.length),
  })
  const sized = (n: number, bytes: number) => {
    const { report } = commit(`task-${n}`)
    const full = { ...report, slices: new Uint8Array(bytes), ack: '' }
    return committer.add({ ...commit(`task-${n}`), report: full }, [])
  }
  await Promise.all(Array.from({ length: 700 }, (_, n) => sized(n, 10)))
  await Promise.all(Array.from({ length: 5 }, (_, n) => sized(n, 1_500_000)))
  expect(sizes).toEqual([500, 200, 2, 2, 1])
})

test('a task that has moved on elsewhere costs its own commits', async () => {
  const conflicts: Conflict[] = []
  const committer = new GroupCommitter({
    ...never,
    write: async (group) => {
      if (group.some((one) => String(taskOf(one)) === 'ahead')) {
        throw new ReportOrderError('ahead', 3, 4)
      }
    },
    onConflict: (conflict) => conflicts.push(conflict),
  })
  const lost = committer.add(commit('ahead', 'b.1'), [])
  const kept = committer.add(commit('other', 'b.2'), [])
  await expect(lost).rejects.toBeInstanceOf(NotCommittedError)
  await kept
  expect(conflicts).toMatchObject([{ tasks: new Set(['ahead']), taken: new Set() }])
})

test('a conflict that concerns nobody here is a failure, not a reason to try for ever', async () => {
  let failures = 0
  const committer = new GroupCommitter({
    ...never,
    write: () => Promise.reject(new FencedError(['b.9'])),
    onFailure: () => failures++,
  })
  await expect(committer.add(commit('a', 'b.1'), [])).rejects.toBeInstanceOf(NotCommittedError)
  expect(failures).toBe(1)
})
