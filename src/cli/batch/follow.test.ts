import { expect, test } from 'vitest'
import type { BatchStatus } from '../coordinatorApi.ts'
import { UnreachableError } from '../errors.ts'
import { follow, pagesOf, type GrowingList } from './follow.ts'

const PAGE = 3
const patience = { note: () => {}, retryMs: 1 }

/** A batch that grows by some items at each look, with gaps between their numbers, and is over with the last of them. */
class GrowingBatch implements GrowingList<number> {
  readonly all: number[] = []
  readonly #steps: number[]
  #last = 0
  readonly asked: (string | undefined)[] = []

  constructor(...steps: number[]) {
    this.#steps = steps
  }

  /** The items of a step are there before it is said how far the batch is, as a coordinator has it. */
  look = async (): Promise<BatchStatus> => {
    const more = this.#steps.shift() ?? 0
    for (let i = 0; i < more; i++) this.all.push((this.#last += 1 + (this.#last % 4)))
    const finished = this.#steps.length === 0 ? 1 : 0
    return { state: 'sealed', finished, workunits: 1 } as BatchStatus
  }

  page: GrowingList<number>['page'] = async (after) => {
    this.asked.push(after)
    const from = after === undefined ? 0 : this.all.findIndex((one) => one > Number(after))
    const rest = from < 0 ? [] : this.all.slice(from)
    const items = rest.slice(0, PAGE)
    return { items, next: rest.length > PAGE ? String(items.at(-1)) : null }
  }

  cursorOf = String
}

async function read(batch: GrowingBatch): Promise<number[]> {
  const seen: number[] = []
  for await (const { items } of follow(batch.look, batch, patience)) seen.push(...items)
  return seen
}

test('every item comes once, in order, whenever it was added: also with the end of the batch', async () => {
  for (const steps of [[0], [1], [PAGE], [7, 0, 5], [0, PAGE, 10]]) {
    const batch = new GrowingBatch(...steps)
    const seen = await read(batch)
    expect(seen).toEqual(batch.all)
    expect(seen).toHaveLength(steps.reduce((sum, step) => sum + step, 0))
  }
})

test('a batch that is cancelled ends it too', async () => {
  const batch = new GrowingBatch(4, 4)
  const cancelled = async () => ({ ...(await batch.look()), state: 'cancelled' })
  const seen: number[] = []
  for await (const { items } of follow(cancelled, batch, patience)) seen.push(...items)
  expect(seen).toEqual(batch.all)
  expect(seen).toHaveLength(4)
})

test('a coordinator that goes away in between costs nothing; one that never was there ends it at once', async () => {
  const away = new UnreachableError('http://localhost:8787', 'nobody listens there')
  const batch = new GrowingBatch(5, 5, 5)
  let calls = 0
  // The first look goes through; after that every other question is lost on the way.
  const flaky =
    <Args extends unknown[], Answer>(ask: (...args: Args) => Promise<Answer>) =>
    (...args: Args) =>
      calls++ % 2 === 1 ? Promise.reject(away) : ask(...args)
  const list = { page: flaky(batch.page), cursorOf: String }
  const seen: number[] = []
  for await (const { items } of follow(flaky(batch.look), list, patience)) seen.push(...items)
  expect(seen).toEqual(batch.all)
  expect(seen).toHaveLength(15)

  const never = follow(() => Promise.reject(away), batch, patience)
  await expect(never.next()).rejects.toBe(away)
})

/** The same, for a reader who is shown some of it only: pages are cut before they are sifted. */
function sifted(batch: GrowingBatch, isShown: (item: number) => boolean): GrowingList<number> {
  return {
    page: async (after) => {
      const { items, next } = await batch.page(after)
      return { items: items.filter(isShown), next }
    },
    cursorOf: String,
  }
}

test('a page that is empty and has a next is no end, and is not asked for again and again', async () => {
  for (const isShown of [
    () => false,
    (item: number) => item > 25,
    (item: number) => item % 9 === 0,
  ]) {
    const batch = new GrowingBatch(10, 12)
    const seen: number[] = []
    const list = sifted(batch, isShown)
    for await (const { items } of follow(batch.look, list, patience)) seen.push(...items)
    expect(seen).toEqual(batch.all.filter(isShown))
    expect(batch.asked.length).toBeLessThan(15)
    const there: number[] = []
    for await (const items of pagesOf(list)) there.push(...items)
    expect(there).toEqual(seen)
  }
})

test('without following there is what there is', async () => {
  const batch = new GrowingBatch(8, 8)
  await batch.look()
  const seen: number[] = []
  for await (const items of pagesOf(batch)) seen.push(...items)
  expect(seen).toEqual(batch.all)
  expect(batch.asked).toHaveLength(3)
})
