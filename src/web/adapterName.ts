import type { AdapterDescription } from '../client/gpuState.ts'
import { text } from './text.ts'

/** Browsers tell these in lower case; they are names all the same. */
const NAMES: Readonly<Record<string, string>> = {
  amd: 'AMD',
  apple: 'Apple',
  arm: 'Arm',
  intel: 'Intel',
  nvidia: 'NVIDIA',
  qualcomm: 'Qualcomm',
  swiftshader: 'SwiftShader',
}

/** What people may know an adapter by, as far as the browser tells. */
export function adapterName(adapter: AdapterDescription): string {
  const { vendor, architecture, device, description, fallback } = adapter
  const software = fallback || architecture === 'swiftshader'
  // Whoever made a software adapter says nothing about the device.
  const told = architecture === 'swiftshader' ? [architecture] : [vendor, architecture]
  const words = [...told, device].filter((word) => word !== '')
  const name = description === '' ? words.map((word) => NAMES[word] ?? word).join(' ') : description
  const known = name === '' ? text.graphics.unknownAdapter : name
  return software ? text.graphics.software(known) : known
}
