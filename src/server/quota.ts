import { Turns } from './coordinator/turns.ts'
import { QuotaExceededError } from './errors.ts'
import type { Store, UnfinishedRequests } from './stores/store.ts'

/** How much requested work may be unfinished at once. */
export interface QuotaLimits {
  readonly batches: number
  readonly workunits: number
}

/**
 * What keeps requesters from filling the store. Unfinished requests are counted in the store, so that finishing and cancelling make
 * room. Each coordinator checks for itself: several that share a store may together let in as many submissions too many as they
 * are, less one.
 */
export class Quota {
  readonly #limits: QuotaLimits
  readonly #store: Pick<Store, 'unfinishedRequests'>
  readonly #turns = new Turns<'admission'>()

  constructor(limits: QuotaLimits, store: Pick<Store, 'unfinishedRequests'>) {
    this.#limits = limits
    this.#store = store
  }

  /** Whether one more batch of so many workunits would have room beside these. */
  hasRoom(unfinished: UnfinishedRequests, workunits: number): boolean {
    return this.#excess(unfinished, workunits) === undefined
  }

  /**
   * Stores a batch if there is room. One at a time: what the one before has stored is counted.
   * @throws QuotaExceededError; nothing is stored then
   */
  admit(workunits: number, add: () => Promise<void>): Promise<void> {
    return this.#turns.run('admission', async () => {
      const excess = this.#excess(await this.#store.unfinishedRequests(), workunits)
      if (excess !== undefined) throw excess
      await add()
    })
  }

  #excess(unfinished: UnfinishedRequests, workunits: number): QuotaExceededError | undefined {
    for (const [what, asked] of [
      ['batches', 1],
      ['workunits', workunits],
    ] as const) {
      if (unfinished[what] + asked <= this.#limits[what]) continue
      return new QuotaExceededError({
        what,
        limit: this.#limits[what],
        unfinished: unfinished[what],
        asked,
      })
    }
    return undefined
  }
}
