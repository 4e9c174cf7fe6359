import { expect, test } from 'vitest'
import { NotCommittedError } from '../errors.ts'
import type { Commit } from '../stores/store.ts'
import { GroupCommitter } from './groupCommitter.ts'

// Only who is in which group matters here; the committer never looks inside.
const commit = (name: string) => ({ name }) as unknown as Commit

test('what arrives while a group is written makes up the next one, in order', async () => {
  const groups: (readonly Commit[])[] = []
  let open = () => {}
  const committer = new GroupCommitter(
    (group) => {
      groups.push(group)
      return new Promise((resolve) => {
        open = resolve
      })
    },
    () => {},
  )
  const first = committer.add(commit('a'))
  await expect.poll(() => groups.length, { timeout: 20_000 }).toBe(1)
  const others = [committer.add(commit('b')), committer.add(commit('c'))]
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
  const committer = new GroupCommitter(
    () =>
      failing
        ? new Promise((_, reject) => {
            fail = reject
          })
        : Promise.resolve(),
    () => heard.push('failure'),
  )
  const told = async (promise: Promise<void>, name: string) => {
    await expect(promise).rejects.toBeInstanceOf(NotCommittedError)
    heard.push(name)
  }
  const first = told(committer.add(commit('a')), 'a')
  await expect.poll(() => fail, { timeout: 20_000 }).toBeDefined()
  const second = told(committer.add(commit('b')), 'b')
  fail?.(new Error('disk full'))
  await Promise.all([first, second])
  expect(heard).toEqual(['failure', 'a', 'b'])

  failing = false
  await committer.add(commit('c'))
  await committer.idle()
})
