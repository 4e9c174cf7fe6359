import type { AnyApp } from '../apps/app.ts'
import type { NewWorkunit } from './stores/store.ts'

/**
 * @param input as the app's input schema has it
 * @param source the requester's own line, carried through to the results
 */
export function newWorkunit(app: AnyApp, input: unknown, source: string | null): NewWorkunit {
  return { input, source, itemCount: app.itemCount(input), itemCost: app.itemCost(input) }
}
