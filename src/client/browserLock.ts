import type { DeviceLock } from './parts.ts'

/** One tab or embed of this browser and this origin computes at a time; the next one gets its turn when that ends. */
export function browserLock(locks: LockManager): DeviceLock {
  return {
    async acquire(waiting, signal) {
      return (await request(locks, { ifAvailable: true })) ?? (await inLine())

      async function inLine(): Promise<() => void> {
        waiting()
        const release = await request(locks, { signal })
        // Without `ifAvailable` a lock is always granted in the end, or the request is rejected.
        if (release === undefined) throw new DOMException('No lock was granted.', 'AbortError')
        return release
      }
    },
  }
}

const NAME = 'weft-compute'

/** Resolves with the function that releases the lock; undefined when it was asked for at once and is taken. */
function request(locks: LockManager, options: LockOptions): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    locks
      .request(NAME, options, (lock) => {
        if (lock === null) return resolve(undefined)
        const held = Promise.withResolvers<void>()
        resolve(held.resolve)
        return held.promise
      })
      .catch(reject)
  })
}
