import { lstat, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** How much disk a folder takes, in MB (1e6 bytes) of allocated blocks; links are not followed. */
export async function weighMegabytes(folder: string): Promise<number> {
  let blocks = 0
  for (const entry of await readdir(folder, { recursive: true })) {
    blocks += (await lstat(join(folder, entry))).blocks
  }
  return Math.round((blocks * 512) / 1e5) / 10
}

if (import.meta.main) {
  const modules = resolve(import.meta.dirname, '../node_modules')
  console.log(`node_modules weighs ${await weighMegabytes(modules)} MB.`)
}
