import type { Effort } from '../runtime/governor.ts'
import type { Snapshot } from './snapshot.ts'

/** An effort as the snapshot has it. */
export function shownEffort({
  workers,
  duty,
  gpu,
}: Effort): Pick<Snapshot, 'workers' | 'duty' | 'gpuDuty'> {
  return { workers, duty, gpuDuty: gpu }
}
