import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findChromium } from '../browser.ts'

const DRIVER = 'vk_swiftshader_icd.json'

/**
 * What a Node process must be started with for Dawn to find a Vulkan loader, and SwiftShader and no other driver: both come with
 * Chromium. Empty where no Chromium with SwiftShader is found.
 */
export function dawnEnvironment(): Record<string, string> {
  const folder = swiftshaderFolder()
  if (folder === undefined) return {}
  return { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: join(folder, DRIVER) }
}

/** Without what `dawnEnvironment` sets: other programs bring their own libraries. */
export function withoutDawn(environment: NodeJS.ProcessEnv): Record<string, string> {
  const { LD_LIBRARY_PATH: _libraries, VK_ICD_FILENAMES: _drivers, ...rest } = environment
  return Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

function swiftshaderFolder(): string | undefined {
  const chromium = findChromium()
  if (chromium === undefined || !existsSync(chromium)) return undefined
  // Debian's /usr/bin/chromium is a script; what it starts lies in a folder of the library.
  const folders = [
    dirname(realpathSync(chromium)),
    '/usr/lib/chromium',
    '/usr/lib64/chromium-browser',
  ]
  return folders.find((folder) => existsSync(join(folder, DRIVER)))
}
