import { govern } from '../runtime/governor.ts'
import type { BackendPreference } from './gpuState.ts'
import { shownEffort } from './shownEffort.ts'
import type { Snapshot } from './snapshot.ts'

/** What an engine shows that was never started. @param share 0.05 to 1 */
export function firstSnapshot(
  share: number,
  cores: number,
  preference: BackendPreference,
): Snapshot {
  return {
    phase: { state: 'stopped' },
    connection: { state: 'closed' },
    host: undefined,
    trust: undefined,
    storage: 'kept',
    share,
    preference,
    apps: undefined,
    gpu: { state: 'untried' },
    backends: ['wasm'],
    ...shownEffort(govern({ share, cores })),
    busyShare: 0,
    gpuBusyShare: 0,
    itemsPerSecond: 0,
    canary: undefined,
    slicesDone: 0,
    itemsDone: 0,
    itemsAccepted: 0,
    creditEarned: 0n,
    credit: { reported: 0n, final: 0n },
    unsentSlices: 0,
    workunits: [],
    stitches: [],
    finds: [],
  }
}
