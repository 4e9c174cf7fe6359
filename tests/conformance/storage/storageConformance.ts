import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createIdentity, identityOf, type KeptIdentity } from '../../../src/client/identity.ts'
import type { KeptTask } from '../../../src/client/keptTask.ts'
import type { ContributorStorage } from '../../../src/client/storage.ts'
import { isSigned } from '../../../src/client/testing/testCoordinator.node.ts'
import type { TaskId } from '../../../src/protocol/ids.ts'
import { keptTaskId, sampleTask } from './sampleTask.ts'

/** Where a storage lives: what one opening of it writes, the next one finds. One at a time is open there. */
export interface StoragePlace {
  open(): Promise<ContributorStorage>
  remove(): Promise<void>
}

type Law = (storage: ContributorStorage, reopen: () => Promise<ContributorStorage>) => Promise<void>

/** What every place to keep a host in must keep. @param makePlace a new, empty place */
export function storageConformance(name: string, makePlace: () => Promise<StoragePlace>): void {
  async function withStorage(law: Law): Promise<void> {
    const place = await makePlace()
    let storage = await place.open()
    try {
      await law(storage, async () => {
        storage.close()
        storage = await place.open()
        return storage
      })
    } finally {
      storage.close()
      await place.remove()
    }
  }

  describe(`the ${name} storage`, () => {
    test('a new place has neither a host nor tasks', () =>
      withStorage(async (storage) => {
        expect(await storage.identity()).toBeUndefined()
        expect(await storage.tasks()).toEqual([])
      }))

    test('a host that was kept comes back as the same one, and can still sign', () =>
      withStorage(async (storage, reopen) => {
        const made = await identityFor(storage)
        await storage.keepIdentity(made)
        const kept = await (await reopen()).identity()
        if (kept === undefined) throw new Error('The identity is gone.')
        const { host, key, sign } = await identityOf(kept)
        expect(host).toBe((await identityOf(made)).host)
        const statement = new TextEncoder().encode('a statement')
        expect(await isSigned(key, statement, await sign(statement))).toBe(true)
      }))

    test('a host that is kept takes the place of the one before', () =>
      withStorage(async (storage, reopen) => {
        await storage.keepIdentity(await identityFor(storage))
        const second = await identityFor(storage)
        await storage.keepIdentity(second)
        expect((await (await reopen()).identity())?.publicKey).toEqual(second.publicKey)
      }))

    test('a task comes back exactly as it was written, with and without a report in flight', () =>
      withStorage(async (storage, reopen) => {
        const { inFlight: _, ...quiet } = sampleTask(2, 0)
        await storage.write(new Map([sampleTask(1, 3), quiet].map((task) => [task.task, task])))
        expect(sorted(await (await reopen()).tasks())).toEqual(sorted([sampleTask(1, 3), quiet]))
      }))

    test('after any writes, what was put last is there, and nothing that was removed', () =>
      fc.assert(
        fc.asyncProperty(writes, (batches) =>
          withStorage(async (storage, reopen) => {
            const expected = new Map<TaskId, KeptTask>()
            for (const batch of batches) {
              for (const [id, task] of batch) {
                if (task === undefined) expected.delete(id)
                else expected.set(id, task)
              }
              await storage.write(batch)
              expect(sorted(await storage.tasks())).toEqual(sorted([...expected.values()]))
            }
            expect(sorted(await (await reopen()).tasks())).toEqual(sorted([...expected.values()]))
          }),
        ),
        { numRuns: 30 },
      ))
  })
}

function identityFor({ privateKeyAs }: ContributorStorage): Promise<KeptIdentity> {
  return createIdentity({ extractable: privateKeyAs === 'bytes' })
}

/** A few batches of puts and removals of a few tasks. */
const writes = fc.array(
  fc
    .uniqueArray(fc.tuple(fc.nat(3), fc.option(fc.integer({ min: 1, max: 5 }))), {
      selector: ([n]) => n,
    })
    .map(
      (changes) =>
        new Map<TaskId, KeptTask | undefined>(
          changes.map(([n, nextSeq]) => [
            keptTaskId(n),
            nextSeq === null ? undefined : sampleTask(n, nextSeq),
          ]),
        ),
    ),
  { maxLength: 6 },
)

function sorted(tasks: readonly KeptTask[]): KeptTask[] {
  return tasks.toSorted((a, b) => (a.task < b.task ? -1 : 1))
}
