import type { AnyApp } from '../apps/app.ts'
import type { AppId } from '../protocol/ids.ts'

export interface AppRef {
  readonly id: AppId
  readonly version: number
}

/** Those of these apps that are chosen, by id; all of them where nothing is. */
export function chosenOf<Some extends { readonly id: AppId }>(
  apps: readonly Some[],
  chosen: readonly AppId[] | undefined,
): readonly Some[] {
  return chosen === undefined ? apps : apps.filter(({ id }) => chosen.includes(id))
}

/** The apps that this build can run. */
export interface Apps {
  readonly known: readonly AnyApp[]
  find(id: AppId, version: number): AnyApp | undefined
}
