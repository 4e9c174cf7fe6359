import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { bundleShaders } from '../../../shaders/bundle.ts'

/**
 * Serves what a visitor may want to read before trusting it: every kernel's source as one text file,
 * `/source/<app>.txt`, and the licence, `/LICENSE.txt`.
 *
 * @param root the repository's folder
 */
export function kernelSources(root: string): Plugin {
  return {
    name: 'weft-kernel-sources',
    generateBundle() {
      for (const [fileName, source] of textFiles(root)) {
        this.emitFile({ type: 'asset', fileName, source })
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const source = textFiles(root).get((request.url ?? '').slice(1))
        if (source === undefined) return next()
        response.setHeader('content-type', 'text/plain; charset=utf-8')
        response.end(source)
      })
    },
  }
}

function textFiles(root: string): Map<string, string> {
  const files = new Map([['LICENSE.txt', readFileSync(join(root, 'LICENSE'), 'utf8')]])
  const wasm = join(root, 'wasm')
  if (!existsSync(wasm)) return files
  for (const app of readdirSync(wasm, { withFileTypes: true })) {
    if (!app.isDirectory()) continue
    const folder = join(wasm, app.name)
    const sources = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|md|c|h)$/.test(entry.name))
      .map((entry) => entry.name)
      .toSorted()
    const parts = sources.map((name) => `// ${name}\n\n${readFileSync(join(folder, name), 'utf8')}`)
    const shaders = bundleShaders(app.name)
    if (shaders !== undefined) parts.push(shaders.toString())
    if (parts.length > 0) files.set(`source/${app.name}.txt`, parts.join('\n\n'))
  }
  return files
}
