import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * One app's shaders as one WGSL module: its own files in the order of their names, after the files of `lib/` that they need. A file
 * names those in its first line, `// needs lib/a.wgsl lib/b.wgsl`. Nothing else is done to them: what runs is what one reads.
 *
 * @returns undefined when the app has no shaders
 * @throws Error when a file needs one that is not there
 */
export function bundleShaders(app: string): Buffer | undefined {
  const folder = join(import.meta.dirname, app)
  if (!existsSync(folder)) return undefined
  const own = readdirSync(folder)
    .filter((name) => name.endsWith('.wgsl'))
    .toSorted()
    .map((name) => `${app}/${name}`)
  const needed = new Set(own.flatMap(neededBy))
  const parts = [...[...needed].toSorted(), ...own].map((path) => `// ${path}\n${read(path)}`)
  return Buffer.from(parts.join('\n'))
}

function neededBy(path: string): string[] {
  const [first = ''] = read(path).split('\n', 1)
  return first.startsWith('// needs ') ? first.slice('// needs '.length).split(' ') : []
}

function read(path: string): string {
  return readFileSync(join(import.meta.dirname, path), 'utf8')
}
