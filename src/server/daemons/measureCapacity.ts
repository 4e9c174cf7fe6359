import type { Capacity } from '../capacity.ts'
import type { Store } from '../stores/store.ts'

/** One look at what all coordinators of this store have taken in. */
export async function measureCapacity(
  store: Pick<Store, 'totals'>,
  capacity: Capacity,
): Promise<void> {
  const { creditReported, creditFinal } = await store.totals()
  capacity.add({ at: performance.now(), credit: creditReported + creditFinal })
}
