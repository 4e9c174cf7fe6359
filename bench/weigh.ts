import { lstat, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** How much disk a folder takes, in MB (1e6 bytes) of allocated blocks: links are not followed, one file counts once. */
export async function weighMegabytes(folder: string): Promise<number> {
  const blocks = new Map<number, number>()
  for (const entry of await readdir(folder, { recursive: true })) {
    const file = await lstat(join(folder, entry))
    blocks.set(file.ino, file.blocks)
  }
  const all = blocks.values().reduce((sum, one) => sum + one, 0)
  return Math.round((all * 512) / 1e5) / 10
}

if (import.meta.main) {
  const modules = resolve(import.meta.dirname, '../node_modules')
  console.log(`node_modules weighs ${await weighMegabytes(modules)} MB.`)
}
