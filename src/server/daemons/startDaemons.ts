import type { Capacity } from '../capacity.ts'
import type { Coordinator } from '../coordinator/coordinator.ts'
import type { Log } from '../log.ts'
import type { Volunteers } from '../ws/volunteers.ts'
import { every } from './every.ts'
import { measureCapacity } from './measureCapacity.ts'
import type { Seed } from './seed.ts'

/** How long what one coordinator does with batches may stay unknown to the others. */
const LOOK_MS = 2_000

/** How often it is looked how much has been computed. */
const MEASURE_MS = 5_000

/** Starts everything that happens by the clock. Resolves when all of it has ended, after the signal. */
export async function startDaemons(parts: {
  coordinator: Coordinator
  volunteers: Volunteers
  seeds: readonly Seed[]
  capacity: Capacity
  /** How long a claim lasts that is not prolonged. */
  claimMs: number
  log: Log
  signal: AbortSignal
}): Promise<void> {
  const { coordinator, volunteers, seeds, capacity, claimMs, log, signal } = parts
  const daemon = (name: string, ms: number, job: () => void | Promise<void>) =>
    every(ms, job, { signal, log, name })
  await Promise.all([
    daemon('expire leases', 1_000, () => coordinator.expireLeases()),
    daemon('forget hosts', 10_000, () =>
      coordinator.forgetHosts((host) => volunteers.isConnected(host)),
    ),
    daemon('renew claims', claimMs / 3, () => coordinator.renewClaims()),
    daemon('measure capacity', MEASURE_MS, () => measureCapacity(coordinator.store, capacity)),
    ...(coordinator.store.shared
      ? [
          daemon('look', LOOK_MS, () => coordinator.look()),
          daemon('cancel cut submissions', 60_000, () => coordinator.cancelUnfinishedSubmissions()),
        ]
      : []),
    ...seeds.map((seed) => daemon(`seed ${seed.id}`, 1_000, () => seed.topUp(signal))),
  ])
}
