/** What a browser or an address may lack that contributing needs. */
export type Missing = 'secure-context' | 'wasm' | 'workers'

/** @param scope the page's global scope, or what stands for it */
export function missingParts(scope: {
  readonly isSecureContext?: boolean
  readonly WebAssembly?: unknown
  readonly Worker?: unknown
}): readonly Missing[] {
  const missing: Missing[] = []
  if (!scope.isSecureContext) missing.push('secure-context')
  if (!scope.WebAssembly) missing.push('wasm')
  if (!scope.Worker) missing.push('workers')
  return missing
}
