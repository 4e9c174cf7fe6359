import type { AnyApp } from '../apps/app.ts'
import type { AppId } from '../protocol/ids.ts'

export interface AppRef {
  readonly id: AppId
  readonly version: number
}

/** The apps that this build can run. */
export interface Apps {
  readonly known: readonly AnyApp[]
  find(id: AppId, version: number): AnyApp | undefined
}
