import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { canInstallPackages, installPackages } from '../installPackages.ts'

/** Where Vulkan drivers name themselves on Linux (Vulkan loader, LoaderDriverInterface.md). */
const FOLDERS = ['/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/usr/share/vulkan/icd.d']

/**
 * The file that names Mesa's lavapipe, a Vulkan driver that runs on the processor; it is installed where it is missing.
 * @throws Error that says what to do when that does not work
 */
export function ensureLavapipe(): string {
  const found = findLavapipe()
  if (found !== undefined) return found
  if (canInstallPackages()) installPackages('mesa-vulkan-drivers')
  const installed = findLavapipe()
  if (installed !== undefined) return installed
  throw new Error(
    "The kernels are tested on Mesa's lavapipe too, and it could not be installed. Install it (Debian: mesa-vulkan-drivers), or set WEFT_LAVAPIPE to its lvp_icd.json.",
  )
}

function findLavapipe(): string | undefined {
  const named = process.env['WEFT_LAVAPIPE']
  if (named !== undefined) return named
  // Debian adds the processor to the name, and leaves it out in newer versions.
  return FOLDERS.filter(existsSync)
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .find((path) => /\/lvp_icd\.([a-z0-9_]+\.)?json$/.test(path))
}
