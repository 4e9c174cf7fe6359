import type { AppId } from '../protocol/ids.ts'

const KEY = 'weft.apps'

/**
 * Which of these apps this person chose last; undefined means all, also where nothing is remembered or storage is denied. Who chose
 * some gets no others, not even those that came later.
 */
export function rememberedApps(known: readonly AppId[]): readonly AppId[] | undefined {
  try {
    const kept = localStorage.getItem(KEY)?.split(' ')
    const chosen = known.filter((id) => kept?.includes(id))
    return chosen.length === 0 || chosen.length === known.length ? undefined : chosen
  } catch {
    // Reading storage throws where a browser denies it; then nothing was ever remembered.
    return undefined
  }
}

export function rememberApps(chosen: readonly AppId[] | undefined): void {
  try {
    if (chosen === undefined) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, chosen.join(' '))
  } catch {
    // Denied or full storage only means that the next visit starts with all of them.
  }
}
