import type { BackendPreference } from '../client/gpuState.ts'

const KEY = 'weft.backend'
const CHOICES: readonly BackendPreference[] = ['auto', 'wasm', 'webgpu']
export const DEFAULT_BACKEND: BackendPreference = 'auto'

/** What this person let compute last; the default where nothing is remembered or storage is denied. */
export function rememberedBackend(): BackendPreference {
  try {
    const kept = localStorage.getItem(KEY)
    return CHOICES.find((choice) => choice === kept) ?? DEFAULT_BACKEND
  } catch {
    // Reading storage throws where a browser denies it; then nothing was ever remembered.
    return DEFAULT_BACKEND
  }
}

export function rememberBackend(preference: BackendPreference): void {
  try {
    localStorage.setItem(KEY, preference)
  } catch {
    // Denied or full storage only means that the next visit starts at the default.
  }
}
