import { appOf, apps } from '../apps/registry.ts'
import { UnknownAppError } from '../protocol/errors.ts'
import type { Apps } from './apps.ts'

/** The apps of this build's registry. */
export const registeredApps: Apps = {
  known: apps,
  find(id, version) {
    try {
      return appOf(id, version)
    } catch (error) {
      if (error instanceof UnknownAppError) return undefined
      throw error
    }
  },
}
