import { join } from 'node:path'
import type { Plugin } from 'vite'
import { offeredApps } from '../offeredApps.ts'

/** Puts the list itself where the page would read it off the registry, and with the registry load schemas that it does not need yet. */
export function writeOfferedApps(root: string): Plugin {
  const place = join(root, 'src/web/offeredApps.ts')
  return {
    name: 'weft-offered-apps',
    enforce: 'pre',
    load(id) {
      if (id !== place) return null
      return `export const offeredApps = ${JSON.stringify(offeredApps)}`
    },
  }
}
