import { appOf } from '../apps/registry.ts'
import type { Find } from './snapshot.ts'

/** A find in its app's own words, without full stops. */
export interface ToldFind {
  /** What was found: `2^11 − 1 is divisible by 23`. */
  readonly sentence: string
  /** What it is worth: `practice: known factors`. */
  readonly label: string
}

/** @throws UnknownAppError when the find is of no app of this build */
export async function tellFind({ workunit, output }: Find): Promise<ToldFind> {
  const view = await appOf(workunit.app, workunit.version).load.view()
  return { sentence: view.tell(workunit.input, output), label: view.label(workunit.kind) }
}
