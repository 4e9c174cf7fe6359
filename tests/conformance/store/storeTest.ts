import { test as base } from 'vitest'
import type { Store } from '../../../src/server/stores/store.ts'
import type { StorePlace } from './storeConformance.ts'

export type MakePlace = () => Promise<StorePlace>

/** Runs a law on a new store; `reopen` closes it and opens what is there. */
export function lawsOn(makePlace: MakePlace) {
  return (sentence: string, law: (store: Store, reopen: () => Promise<Store>) => Promise<void>) =>
    // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- both come with the law that is handed in
    base(sentence, async () => {
      await withStore(makePlace, law)
    })
}

export async function withStore(
  makePlace: MakePlace,
  work: (store: Store, reopen: () => Promise<Store>) => Promise<void>,
): Promise<void> {
  const place = await makePlace()
  let store = await place.open()
  try {
    await work(store, async () => {
      await store.close()
      store = await place.open()
      return store
    })
  } finally {
    await store.close()
    await place.remove()
  }
}
