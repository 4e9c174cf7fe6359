import { setTimeout as later } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createBoard } from './board.ts'
import { firstSnapshot } from './firstSnapshot.ts'

const testSnapshot = firstSnapshot(1, 4, 'auto')

test('however much changes in one turn of the event loop, watchers hear of it once, with the last state', async () => {
  const board = createBoard(testSnapshot)
  const heard: number[] = []
  board.subscribe((snapshot) => heard.push(snapshot.slicesDone))
  board.update({ slicesDone: 1 })
  board.update({ slicesDone: 2 })
  await Promise.resolve()
  board.update({ slicesDone: 3 })
  expect(board.snapshot.slicesDone).toBe(3)
  expect(heard).toEqual([])
  await later(5)
  expect(heard).toEqual([3])
  board.update({ slicesDone: 4 })
  await later(5)
  expect(heard).toEqual([3, 4])
})

test('a snapshot that was handed out never changes', () => {
  const board = createBoard(testSnapshot)
  const before = board.snapshot
  board.update({ slicesDone: 1 })
  expect(before.slicesDone).toBe(0)
  expect(board.snapshot).not.toBe(before)
})

test('who unsubscribed hears nothing more', async () => {
  const board = createBoard(testSnapshot)
  const heard: unknown[] = []
  const unsubscribe = board.subscribe((snapshot) => heard.push(snapshot))
  board.update({ slicesDone: 1 })
  unsubscribe()
  await later(5)
  expect(heard).toEqual([])
})
