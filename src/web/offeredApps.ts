import { apps } from '../apps/registry.ts'

/** What a page needs to offer an app: names and words, none of its code. */
export interface OfferedApp extends Pick<
  (typeof apps)[number],
  'id' | 'version' | 'title' | 'about'
> {}

/**
 * The apps of the registry, in its order. In the site's build this is a list of words: `build/offeredApps.node.ts` puts it in this
 * module's place, so that a page loads no app before somebody consents.
 */
export const offeredApps: readonly OfferedApp[] = apps.map(({ id, version, title, about }) => ({
  id,
  version,
  title,
  about,
}))
