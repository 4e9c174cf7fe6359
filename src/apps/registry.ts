import { UnknownAppError } from '../protocol/errors.ts'
import type { AnyApp } from './app.ts'
import { create2Search } from './create2-search/app.ts'
import { mersenneTf } from './mersenne-tf/app.ts'

/** Every app version this build can generate, run, check and show: one line each. */
export const apps: readonly AnyApp[] = [mersenneTf, create2Search]

/** @throws UnknownAppError when no line above has this id and version */
export function appOf(id: string, version: number): AnyApp {
  const app = apps.find((known) => known.id === id && known.version === version)
  if (!app) throw new UnknownAppError(id, version)
  return app
}
