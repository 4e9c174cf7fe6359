const KEY = 'weft.share'
export const DEFAULT_SHARE = 0.5
const LEAST_SHARE = 0.05

/** How hard this person let this browser run last; the default where nothing is remembered or storage is denied. */
export function rememberedShare(): number {
  try {
    const share = Number(localStorage.getItem(KEY) ?? Number.NaN)
    return share >= LEAST_SHARE && share <= 1 ? share : DEFAULT_SHARE
  } catch {
    // Reading storage throws where a browser denies it; then nothing was ever remembered.
    return DEFAULT_SHARE
  }
}

export function rememberShare(share: number): void {
  try {
    localStorage.setItem(KEY, String(share))
  } catch {
    // Denied or full storage only means that the next visit starts at the default.
  }
}
