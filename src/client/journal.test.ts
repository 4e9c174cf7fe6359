import { expect, test } from 'vitest'
import { hostIdOf, taskIdOf, type TaskId } from '../protocol/ids.ts'
import { createJournal } from './journal.ts'
import type { KeptTask } from './keptTask.ts'
import { memoryStorage } from './memoryStorage.ts'

const id = (n: number): TaskId => taskIdOf(new Uint8Array(16).fill(n))
const kept = (n: number, nextSeq: number): KeptTask => ({
  host: hostIdOf(new Uint8Array(32)),
  task: id(n),
  token: new Uint8Array(8),
  nextSeq,
  head: new Uint8Array(32),
  finished: [],
})
const still = () => 0
const never = (error: unknown) => {
  throw error
}

test('many changes make one write, of the last form of each task', async () => {
  const writes: ReadonlyMap<TaskId, KeptTask | undefined>[] = []
  const write = async (changes: ReadonlyMap<TaskId, KeptTask | undefined>) =>
    void writes.push(changes)
  const journal = createJournal({ write }, still, never)
  journal.put(kept(1, 0))
  journal.put(kept(2, 0))
  journal.put(kept(1, 1))
  journal.remove(id(2))
  await journal.flush()
  await journal.flush()
  expect(writes.map((changes) => [...changes])).toEqual([
    [
      [id(1), kept(1, 1)],
      [id(2), undefined],
    ],
  ])
})

test('what was put is in storage when flush resolves, in the order it was put', async () => {
  const storage = memoryStorage()
  const slow = {
    write: async (changes: ReadonlyMap<TaskId, KeptTask | undefined>) => {
      await new Promise((resolve) => setTimeout(resolve, changes.size * 5))
      await storage.write(changes)
    },
  }
  const journal = createJournal(slow, still, never)
  journal.put(kept(1, 0))
  journal.put(kept(2, 0))
  void journal.flush()
  journal.put(kept(1, 7))
  await journal.flush()
  expect((await storage.tasks()).map(({ nextSeq }) => nextSeq)).toEqual([7, 0])
})

test('it writes by itself though timers sleep, once the clock has moved on', async () => {
  const storage = memoryStorage()
  let at = 0
  const journal = createJournal(storage, () => at, never)
  journal.put(kept(1, 0))
  at = 60_000
  journal.put(kept(1, 1))
  await Promise.resolve()
  expect(await storage.tasks()).toHaveLength(1)
})

test('a write that is refused is told, and the next one is tried all the same', async () => {
  const storage = memoryStorage()
  let full = true
  const errors: unknown[] = []
  const write: typeof storage.write = (changes) =>
    full ? Promise.reject(new DOMException('', 'QuotaExceededError')) : storage.write(changes)
  const journal = createJournal({ write }, still, (error) => errors.push(error))
  journal.put(kept(1, 0))
  await journal.flush()
  full = false
  journal.put(kept(2, 0))
  await journal.flush()
  expect(errors).toMatchObject([{ name: 'QuotaExceededError' }])
  expect(await storage.tasks()).toEqual([kept(2, 0)])
})
