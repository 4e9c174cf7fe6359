import type { AnyApp } from '../apps/app.ts'
import type { NewWorkunit } from './stores/store.ts'

/**
 * @param input as the app's input schema has it
 * @param line the requester's own line number and name for it, carried through to the results; none for work made here
 */
export function newWorkunit(
  app: AnyApp,
  input: unknown,
  { source, key }: Pick<NewWorkunit, 'source' | 'key'> = { source: null, key: null },
): NewWorkunit {
  return { input, source, key, itemCount: app.itemCount(input), itemCost: app.itemCost(input) }
}
