import type { AdapterDescription } from '../client/gpuState.ts'

/** A graphics adapter as a person may know it, as far as it tells. */
export function adapterName(adapter: AdapterDescription): string {
  const { vendor, architecture, device, description, fallback, level } = adapter
  const name = description || [vendor, device || architecture].filter(Boolean).join(' ')
  const remarks = [
    fallback ? 'software' : '',
    level === 'compatibility' ? 'compatibility mode' : '',
  ]
  const said = remarks.filter(Boolean).join(', ')
  return `${name || 'a graphics adapter without a name'}${said === '' ? '' : ` (${said})`}`
}
